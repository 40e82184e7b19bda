/** Joins a group across machines: through seeds, or by making it. */
import { GroupError, type JoinOptions, type ProcessGroup, Transport } from '@choir/process-group';
import type { Given } from '../../arguments/given.ts';
import { listenAddress, ownAddress, usage } from '../../arguments/values.ts';
import { Failure } from '../../failure.ts';
import type { Output } from '../../output/output.ts';
import { clusterKeys, makingKeys } from '../cluster-keys.ts';
import { sayingSo } from './waiting-note.ts';

/** With --init and seeds: so long it asks the seeds before it makes the group. */
const askingMs = 5_000;

/** What a process joins with. */
export type Joining = JoinOptions & {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onWarning: (text: string) => void;
};

type Entry = {
  readonly name: string;
  /** As `--listen` says. */
  readonly listen: string;
  readonly joining: Joining;
  readonly given: Given;
  readonly output: Output;
};

/** @throws Failure, GroupError, DriverError */
export async function enterOnNetwork(entry: Entry): Promise<ProcessGroup> {
  const { listen, given, output, joining } = entry;
  const own = ownAddress('--listen', listen);
  const key = given.text('key');
  if (key === undefined) {
    throw usage(
      '--listen needs --key: a file with the keys that all members have.',
      `Make one: ${makingKeys}`,
    );
  }
  for (const seed of given.list('seed')) checkSeed(seed);
  // All machines may be given one list: nobody is its own seed.
  const seeds = given.list('seed').filter((seed) => !isOwn(seed, own));
  const init = given.flag('init');
  if (!init && seeds.length === 0) throw usage('--listen needs a --seed, or --init.');
  const keys = await clusterKeys(key);
  const told = new Set<string>();
  const open = async (port: number): Promise<Transport> => {
    const transport = await openTransport({
      network: { kind: 'unicast', host: own.host, port, seeds },
      keys,
      onWarning: joining.onWarning,
    });
    const { address } = transport;
    // An observer is gone again before anybody could ask it.
    if (joining.observer !== true && !told.has(address)) {
      output.result(
        { type: 'listening', address },
        output.paint('dim', `a seed for others: ${address}`),
      );
    }
    told.add(address);
    return transport;
  };
  if (!init || seeds.length === 0) return await joinBy(await open(own.port), init, entry);
  const first = await open(own.port);
  const { port } = listenAddress('--listen', first.address);
  const joined = await askSeeds(first, entry);
  return joined ?? (await joinBy(await open(port), true, entry));
}

function checkSeed(seed: string): void {
  const { port } = listenAddress('--seed', seed);
  if (port === 0) throw usage(`--seed: "${seed}" has no port. Example: 192.0.2.7:7500`);
}

function isOwn(seed: string, own: { readonly host: string; readonly port: number }): boolean {
  const { host, port } = listenAddress('--seed', seed);
  return host === own.host && port === own.port;
}

/** @throws Failure when no seed has an address, which is no fault of the command line */
async function openTransport(options: Parameters<typeof Transport.open>[0]): Promise<Transport> {
  try {
    return await Transport.open(options);
  } catch (error) {
    if (!(error instanceof GroupError)) throw error;
    throw new Failure('unreachable', `--seed: ${error.message}`);
  }
}

/** Null when nobody answers at the seeds: the group may be made. */
async function askSeeds(transport: Transport, entry: Entry): Promise<ProcessGroup | null> {
  const { joining, output } = entry;
  const timeoutMs = Math.min(askingMs, joining.timeoutMs);
  try {
    const group = await transport.join(entry.name, { ...joining, timeoutMs });
    group.afterwards(() => transport.close());
    output.note('the group is there: joined it, and made none');
    return group;
  } catch (error) {
    // Who lets nobody in answers at the gate all the same.
    const { receivedDatagrams } = await transport.statistics();
    await transport.close();
    if (!(error instanceof GroupError) || error.code !== 'group-time') throw error;
    if (receivedDatagrams > 0) throw notMade(timeoutMs);
    output.note(`nobody answered at the seeds within ${timeoutMs / 1_000} s: making the group`);
    return null;
  }
}

function notMade(timeoutMs: number): Failure {
  return new Failure(
    'unreachable',
    `Somebody answers at the seeds, but did not let this process in within ${timeoutMs / 1_000} s: the group was not made.`,
    'To wait for them: the same without --init. To make it whoever is there: the same without --seed.',
  );
}

async function joinBy(transport: Transport, init: boolean, entry: Entry): Promise<ProcessGroup> {
  const { name, joining, output, given } = entry;
  try {
    const group = await sayingSo(transport.join(name, { ...joining, init }), () =>
      output.note(waitingText(given.list('seed'), joining.timeoutMs)),
    );
    group.afterwards(() => transport.close());
    return group;
  } catch (error) {
    await transport.close();
    throw error;
  }
}

function waitingText(seeds: readonly string[], timeoutMs: number): string {
  return (
    `waiting to be let in through ${seeds.join(', ')}; gives up after ${timeoutMs / 1_000} s. ` +
    'A group without a majority lets nobody in.'
  );
}
