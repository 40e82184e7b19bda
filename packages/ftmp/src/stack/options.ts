/** The settings of a processor. All have a default that suits a LAN and one machine. */
import type { ByteOrder } from '@choir/bytes';
import type { DatagramEnvelope } from '../envelope/checked.ts';
import type { ProcessorId } from '../ids.ts';
import type { ProtocolEvent } from '../trace.ts';

export type Settings = {
  readonly order: ByteOrder;
  /** Bytes of the largest datagram, 576 … 65,507; sent only where probes have shown that it passes (`sizing.ts`). */
  readonly datagramBytes: number;
  /** Bytes of a datagram that every network between the processors passes in one packet, 576 … 65,507. */
  readonly packetBytes: number;
  /** Without anything to send, a heartbeat after this long, in milliseconds. */
  readonly heartbeatMs: number;
  /** Bounds of the time after which a silent processor is suspected, in milliseconds. */
  readonly suspicionMinMs: number;
  readonly suspicionMaxMs: number;
  /** What a sender may have under way that not all have acknowledged. */
  readonly windowMessages: number;
  readonly windowBytes: number;
  /** What the system of a receiver keeps of datagrams that it has not read yet, in bytes (`send-window.ts`). */
  readonly receiveBytes: number;
  /** What waits at a sender for its turn; beyond it `submit` says `full`. */
  readonly queueMessages: number;
  readonly queueBytes: number;
  /** Deliveries that the application has not taken, in bytes, and 64 for each, until the senders are made to wait. */
  readonly backlogBytes: number;
  /** Beyond the window above what is contiguous nothing is stored, in messages. */
  readonly reach: number;
  /** See `rmp/asking.ts` and `rmp/answering.ts`. */
  readonly delayMs: number;
  readonly delayMaxMs: number;
  readonly rangeMax: number;
  readonly perSecond: number;
  readonly holderDelayMs: number;
  readonly repeatMs: number;
  readonly repeatMaxMs: number;
  /** A member that has not acknowledged for so long, while there was something, is slow, in milliseconds. */
  readonly slowMs: number;
  /** What is done about a slow member, and one whose application does not progress. */
  readonly slowPolicy: 'report' | 'exclude';
  /** The time between requests to be added, in milliseconds. */
  readonly joinMs: number;
  /** How long a joiner that is being added waits for its first view before it starts anew, in milliseconds. */
  readonly joinPatienceMs: number;
  /** How long who has left stays to answer others, in milliseconds. */
  readonly lingerMs: number;
};

export const defaultSettings: Settings = {
  order: 'big',
  datagramBytes: 63_000,
  packetBytes: 1_400,
  heartbeatMs: 50,
  suspicionMinMs: 350,
  suspicionMaxMs: 1_500,
  windowMessages: 512,
  windowBytes: 1024 * 1024,
  receiveBytes: 3 * 1024 * 1024,
  queueMessages: 4_096,
  queueBytes: 512 * 1024,
  backlogBytes: 32 * 1024 * 1024,
  reach: 4_096,
  delayMs: 2,
  delayMaxMs: 480,
  rangeMax: 128,
  perSecond: 20_000,
  holderDelayMs: 4,
  repeatMs: 3,
  repeatMaxMs: 500,
  slowMs: 5_000,
  slowPolicy: 'report',
  joinMs: 200,
  joinPatienceMs: 4_000,
  lingerMs: 400,
};

/** What a processor is given by its surroundings. */
export type Surroundings = {
  readonly self: ProcessorId;
  /** Where this processor is reached; opaque, at most 64 bytes. */
  readonly address: Uint8Array;
  readonly settings: Settings;
  /** What is for the group goes to each member by itself, as there is no multicast: so what only one needs is sent to that one alone. */
  readonly fansOut: boolean;
  /** How datagrams are protected. */
  readonly envelope: DatagramEnvelope;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** The number before the first message, and the clock at the start: 0 but in tests of wrap-around. */
  readonly firstSequence: number;
  readonly firstTimestamp: number;
  /** Called for each thing that the protocol does; for traces. */
  readonly observe: (event: ProtocolEvent) => void;
  /**
   * Is told of bytes of which the processor holds nothing any more (R5) once the effects so far are performed: of a message that was handed
   * over, or a whole datagram's, as `envelope.open` gave it or this processor made it. Of what it is not told, it is not known.
   */
  readonly returned?: (bytes: Uint8Array) => void;
};
