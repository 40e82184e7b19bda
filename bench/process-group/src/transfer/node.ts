/** A node of a state transfer: does what the benchmark tells it over IPC. */
import { hostOptionsOf, type NodeOptions } from '@choir/bench-namespaces/member';
import { nowNs } from '@choir/bench-namespaces/message-head';
import { sendAll } from '@choir/bench-namespaces/sending';
import { type ProcessGroup, Transport } from '@choir/process-group';
import { Ledger } from './ledger.ts';
import type { Command, Told } from './node-message.ts';

const channel = 'ledger';
const timeoutMs = 120_000;
const payloadBytes = 64;
/** It is told to end before. */
const secondsMax = 600;

let joined: { readonly group: ProcessGroup; readonly ledger: Ledger } | null = null;
let heard = (): void => {};
const stop = new AbortController();
let sending: Promise<number> = Promise.resolve(0);

function tell(told: Told): void {
  process.send?.(told);
}

async function open(options: NodeOptions, stateBytes: number): Promise<void> {
  const ledger = new Ledger(stateBytes, () => heard());
  const transport = await Transport.open(hostOptionsOf(options));
  const fromNs = nowNs();
  const replicas = { [channel]: ledger };
  const group = await transport.join('benchmark', { init: options.init, replicas, timeoutMs });
  tell({ kind: 'joined', fromNs, untilNs: nowNs() });
  joined = { group, ledger };
  for await (const { kind } of group) {
    if (kind === 'excluded')
      throw new Error('The others removed this node: the machine is too busy.');
  }
}

async function end({ senders, windows }: Extract<Command, { kind: 'end' }>): Promise<void> {
  stop.abort();
  const sent = await sending;
  if (joined === null) return;
  const { tally } = joined.ledger;
  const over = Promise.withResolvers<void>();
  heard = () => {
    if (tally.ended === senders) over.resolve();
  };
  heard();
  await over.promise;
  const latencies = windows.map((window) => tally.latencies.within(window));
  const { count: delivered, hash: order } = tally.order;
  tell({ kind: 'over', sent, delivered, order, latencies });
}

process.on('message', (command: Command) => {
  if (command.kind === 'open') void open(command.options, command.stateBytes);
  else if (command.kind === 'end') void end(command);
  else if (joined !== null) {
    const { group } = joined;
    const { ratePerSecond } = command;
    const load = { payloadBytes, ratePerSecond, seconds: secondsMax, warmUpSeconds: 0 };
    const send = (bytes: Uint8Array): Promise<void> => group.multicast(bytes, { channel });
    sending = sendAll({ load, send, signal: stop.signal });
  }
});
