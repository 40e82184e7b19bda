/** The thread of a processor: opens its network, and does what the application's thread asks for. */
import { workerData } from 'node:worker_threads';
import { now } from '../clock.ts';
import { DriverError } from '../driver-error.ts';
import type { Gate, Passage } from '../envelope/gate.ts';
import { KeyRing } from '../envelope/key-ring.ts';
import { OpenGate } from '../envelope/open-gate.ts';
import { SealedGate } from '../envelope/sealed-gate.ts';
import { LineEnd } from '../line/line.ts';
import { readParcel } from '../line/parcel.ts';
import { bufferWarning } from '../udp/datagram-socket.ts';
import { type Destination, destinationText } from '../udp/destination.ts';
import { MulticastNetwork } from '../udp/multicast.ts';
import type { Network } from '../udp/network.ts';
import { UnicastNetwork } from '../udp/unicast.ts';
import { ProcessorDriver } from './driver.ts';
import { Recording } from './recording.ts';
import type { FromThread, ThreadStart, ToThread } from './thread-message.ts';

const { options, line }: ThreadStart = workerData;
let driver: ProcessorDriver | null = null;
let sealed: SealedGate | null = null;

/** What comes before the driver is there is for nobody: the application waits until it was told `opened`. */
const application: LineEnd<FromThread, ToThread> = new LineEnd<FromThread, ToThread>(line, {
  bytes: (bytes) => driver?.work(readParcel(bytes)),
  message: (message) => {
    if (message.kind === 'keys') sealed?.rekey(new KeyRing(message.keys));
    else if (driver !== null) void perform(driver, message);
  },
});

async function start(): Promise<void> {
  const passage: Passage = {
    pass: (message, from) => {
      network?.book.heard(message, from);
      driver?.receive(message);
    },
    reply: (datagram, to) => network?.sendTo(to, datagram),
  };
  let network: Network | null = null;
  const warn = (text: string): void => application.post({ kind: 'warning', text });
  const recording = options.trace === null ? null : new Recording(options.trace, warn);
  sealed = options.keys === null ? null : new SealedGate(passage, new KeyRing(options.keys), now);
  const gate: Gate = sealed ?? new OpenGate(passage);
  const arrival = (datagram: Uint8Array, from: Destination) => gate.arrive(datagram, from, now());
  network =
    options.network.kind === 'unicast'
      ? await UnicastNetwork.open(options.network, arrival)
      : await MulticastNetwork.open(options.network, arrival);
  const warning = bufferWarning(network.receiveBytes);
  if (warning !== null) warn(warning);
  driver = new ProcessorDriver({ options, network, gate, application, recording });
  application.post({ kind: 'opened', id: driver.id, address: destinationText(network.own) });
}

type Command = Exclude<ToThread, { readonly kind: 'keys' }>;

async function perform(started: ProcessorDriver, message: Command): Promise<void> {
  switch (message.kind) {
    case 'work':
      started.work(message.parcel);
      return;
    case 'join':
      started.join(message.group, message.init);
      return;
    case 'leave':
      started.leave(message.group);
      return;
    case 'statistics':
      application.post({ kind: 'statistics', statistics: started.statistics() });
      return;
    case 'close':
      await started.close();
      application.post({ kind: 'closed' });
      application.close();
      return;
    default:
      message satisfies never;
  }
}

start().catch((error: unknown) => {
  if (!(error instanceof DriverError)) throw error;
  application.post({ kind: 'failed', code: error.code, message: error.message });
  application.close();
});
