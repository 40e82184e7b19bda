/** What it takes to give a joiner a large state, and what that costs the others, who go on. */
import { fileURLToPath } from 'node:url';
import type { Values } from '@choir/bench-groups/row';
import type { Window } from '@choir/bench-namespaces/latencies';
import { checkAgreement } from '@choir/bench-namespaces/load';
import { nowNs } from '@choir/bench-namespaces/message-head';
import { nodeOptions } from '@choir/bench-namespaces/node-group';
import { NodeProcess } from '@choir/bench-namespaces/node-process';
import type { LoneStand, LoneWork } from '@choir/bench-namespaces/work';
import type { Command, Told } from './node-message.ts';

export type TransferOptions = {
  /** A multiple of 1 MiB. */
  readonly stateBytes: number;
  /** Of both senders together. */
  readonly ratePerSecond: number;
  /** Latencies of what is sent so long after the start do not count. */
  readonly warmUpSeconds: number;
};

type ToldOf<Kind extends Told['kind']> = Extract<Told, { readonly kind: Kind }>;

const program = fileURLToPath(new URL('./node.ts', import.meta.url));
const senders = 2;
const withinMs = 120_000;
const full = { stateBytes: 64 * 1024 ** 2, ratePerSecond: 200, warmUpSeconds: 5 };

const metric = {
  time: 'until it has the state',
  before: 'p99 of the others before',
  meanwhile: 'p99 of the others meanwhile',
  ratio: 'meanwhile / before',
} as const;

export const transfer: LoneWork = {
  name: 'transfer',
  summary: `a state of 64 MiB to a joiner, while the 2 others send ${full.ratePerSecond} messages a second`,
  metrics: [
    { name: metric.time, unit: 'ms', better: 'less' },
    { name: metric.before, unit: 'ms', better: 'less' },
    { name: metric.meanwhile, unit: 'ms', better: 'less' },
    { name: metric.ratio, unit: '×', better: 'less' },
  ],
  measureAlone: (stand) => measureTransfer(stand, full),
};

/**
 * The figures of a transfer from two members to a third.
 *
 * @throws Error when a node fails, or does not end with the order of the others
 */
export async function measureTransfer(
  { network, seconds, encrypted }: LoneStand,
  { stateBytes, ratePerSecond, warmUpSeconds }: TransferOptions,
): Promise<Values> {
  const nodes = network.hosts.map((host) => new NodeProcess<Command, Told>(network, host, program));
  const join = async (at: number): Promise<ToldOf<'joined'>> => {
    const [host, node] = [network.hosts[at], nodes[at]];
    if (host === undefined || node === undefined) throw new RangeError('There are three hosts.');
    node.tell({ kind: 'open', options: nodeOptions(host, encrypted), stateBytes });
    return await node.until('joined', withinMs);
  };
  try {
    for (let at = 0; at < senders; at += 1) await join(at);
    const members = nodes.slice(0, senders);
    for (const node of members) node.tell({ kind: 'send', ratePerSecond: ratePerSecond / senders });
    await delay(warmUpSeconds * 1_000);
    const fromNs = nowNs();
    await delay(seconds * 1_000);
    const joined = await join(senders);
    const windows = [{ fromNs, untilNs: joined.fromNs }, joined];
    for (const node of nodes) {
      node.tell({ kind: 'end', senders, windows: members.includes(node) ? windows : [] });
    }
    const all = await Promise.all(nodes.map((node) => node.until('over', withinMs)));
    checkAgreement(all);
    return valuesOf(joined, all.slice(0, senders));
  } finally {
    await Promise.all(nodes.map((node) => node.program.end('SIGKILL')));
  }
}

function valuesOf({ fromNs, untilNs }: Window, members: readonly ToldOf<'over'>[]): Values {
  const worst = (window: number): number =>
    Math.max(...members.map(({ latencies }) => latencies[window]?.p99Ms ?? Number.NaN));
  const [before, meanwhile] = [worst(0), worst(1)];
  return new Map([
    [metric.time, (untilNs - fromNs) / 1e6],
    [metric.before, before],
    [metric.meanwhile, meanwhile],
    [metric.ratio, meanwhile / before],
  ]);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
