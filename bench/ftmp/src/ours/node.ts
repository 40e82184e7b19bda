/** A node of ours: does what the benchmark tells it over IPC, prints its report, and its views when it is asked to. */
import { type GroupEvent, ProcessorHost } from '@choir/drivers';
import { groupId, processorNumber } from '@choir/ftmp';
import type { Load } from '../load.ts';
import { Tally, writeHead } from '../tally.ts';
import type { Command, NodeOptions, Told } from './node-message.ts';

const group = groupId(1);
/** Known to everybody: the traffic of a benchmark is no secret. */
const keys = [{ id: 1, key: new Uint8Array(32).fill(1) }];

let host: ProcessorHost | null = null;
let members = 0;
let prints = false;
/** It counts from the start: others may send before this node is told of the load. */
const tally = new Tally();
let ended = () => {};

async function open({ encrypted, init, ...options }: NodeOptions): Promise<void> {
  const protection = encrypted ? { keys } : ({ insecure: true } as const);
  host = await ProcessorHost.open({ ...options, ...protection, rejoin: true });
  await host.join(group, { init, listener: happened });
}

function happened(event: GroupEvent): void {
  if (event.kind === 'message') {
    const { sender, bytes } = event;
    const message = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    tally.deliver(processorNumber(sender), message);
    ended();
  }
  if (event.kind !== 'view') return;
  members = event.view.members.length;
  const told: Told = { kind: 'view', members };
  process.send?.(told);
  if (prints) printView();
}

function printView(): void {
  console.log(JSON.stringify({ atNs: String(process.hrtime.bigint()), members }));
}

async function run(node: ProcessorHost, load: Load, sends: boolean): Promise<void> {
  const over = Promise.withResolvers<void>();
  ended = () => {
    if (tally.ended === load.senders) over.resolve();
  };
  ended();
  const sent = sends ? await sendAll(node, load) : 0;
  await over.promise;
  console.log(JSON.stringify(tally.report(sent, load.warmUpSeconds)));
}

/** How many it sent, without the last. */
async function sendAll(node: ProcessorHost, load: Load): Promise<number> {
  const bytes = new Uint8Array(load.payloadBytes);
  const head = new DataView(bytes.buffer);
  const startMs = performance.now();
  const endMs = startMs + (load.seconds + load.warmUpSeconds) * 1_000;
  let sent = 0;
  while (performance.now() < endMs) {
    if (load.ratePerSecond > 0) await until(startMs + (sent * 1_000) / load.ratePerSecond);
    writeHead(head, false);
    await node.send(group, bytes);
    sent += 1;
  }
  writeHead(head, true);
  await node.send(group, bytes);
  return sent;
}

function until(atMs: number): Promise<void> {
  const delayMs = atMs - performance.now();
  return new Promise((resolve) => {
    if (delayMs <= 0) setImmediate(resolve);
    else setTimeout(resolve, delayMs);
  });
}

process.on('message', (command: Command) => {
  if (command.kind === 'open') void open(command.options);
  else if (command.kind === 'watch') {
    prints = true;
    printView();
  } else if (host !== null) void run(host, command.load, command.sends);
});
