/** The thread of a processor: opens its network, and does what the application's thread asks for. */
import { parentPort, workerData } from 'node:worker_threads';
import { now } from '../clock.ts';
import { DriverError } from '../driver-error.ts';
import type { Gate, Passage } from '../envelope/gate.ts';
import { KeyRing } from '../envelope/key-ring.ts';
import { OpenGate } from '../envelope/open-gate.ts';
import { SealedGate } from '../envelope/sealed-gate.ts';
import { type Destination, destinationText } from '../udp/destination.ts';
import { MulticastNetwork } from '../udp/multicast.ts';
import type { Network } from '../udp/network.ts';
import { UnicastNetwork } from '../udp/unicast.ts';
import { ProcessorDriver } from './driver.ts';
import { Recording } from './recording.ts';
import type { FromThread, ThreadOptions, ToThread } from './thread-message.ts';

const options: ThreadOptions = workerData;
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a thread');

const tell = (message: FromThread, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...transfer]);

let driver: ProcessorDriver | null = null;

async function start(): Promise<void> {
  const passage: Passage = {
    pass: (message) => driver?.receive(message),
    reply: (datagram, to) => network?.sendTo(to, datagram),
  };
  let network: Network | null = null;
  const warn = (text: string): void => tell({ kind: 'warning', text });
  const recording = options.trace === null ? null : new Recording(options.trace, warn);
  const sealed =
    options.keys === null ? null : new SealedGate(passage, new KeyRing(options.keys), now);
  const gate: Gate = sealed ?? new OpenGate(passage);
  const arrival = (datagram: Uint8Array, from: Destination) => gate.arrive(datagram, from, now());
  network =
    options.network.kind === 'unicast'
      ? await UnicastNetwork.open(options.network, arrival)
      : await MulticastNetwork.open(options.network, arrival);
  for (const text of network.warnings) warn(text);
  const started = new ProcessorDriver({ options, network, gate, tell, recording });
  driver = started;
  tell({ kind: 'opened', id: started.id, address: destinationText(network.own) });
  port?.on('message', (message: ToThread) => {
    if (message.kind === 'keys') sealed?.rekey(new KeyRing(message.keys));
    else void perform(started, message);
  });
}

type Command = Exclude<ToThread, { readonly kind: 'keys' }>;

async function perform(started: ProcessorDriver, message: Command): Promise<void> {
  switch (message.kind) {
    case 'work':
      started.work(message.buffer, message.length, message.taken);
      return;
    case 'join':
      started.join(message.group, message.init);
      return;
    case 'leave':
      started.leave(message.group);
      return;
    case 'statistics':
      tell({ kind: 'statistics', statistics: started.statistics() });
      return;
    case 'close':
      await started.close();
      tell({ kind: 'closed' });
      port?.close();
      return;
    default:
      message satisfies never;
  }
}

start().catch((error: unknown) => {
  if (!(error instanceof DriverError)) throw error;
  tell({ kind: 'failed', code: error.code, message: error.message });
});
