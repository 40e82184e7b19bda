// Datagrams that nobody should send: by outsiders, by holders of the key who are no members, and by members who lie.
import {
  datagramBytesMax,
  decode,
  encode,
  isRefusal,
  type Message,
  type ProcessorId,
  processorId,
} from '@choir/ftmp';
import type { Random } from '@choir/testkit';
import type { Gate } from '../../src/envelope/gate.ts';
import type { Kept } from './kept.ts';

export type Attack = { readonly name: string; readonly datagram: Uint8Array };

/** A group that is attacked. */
export type Quarry = {
  /** Of the last datagrams that were sent, and of what was in them. */
  readonly datagrams: Kept;
  readonly messages: Kept;
  /** The id of the processor at this place. */
  idOf(at: number): ProcessorId | undefined;
};

const randomMax = 1_500;
const sliceMax = 1_300;
const wordMax = 2 ** 32 - 1;

/** Bits, ends and pieces of genuine bytes changed; random ones. */
function damaged(genuine: Kept, random: Random): Attack {
  const bytes = genuine.pick(random);
  const name = random.pick(['mutated', 'truncated', 'spliced', 'extended', 'random'] as const);
  switch (name) {
    case 'mutated':
      return { name, datagram: mutated(bytes, random) };
    case 'truncated':
      return { name, datagram: bytes.slice(0, random.int(0, bytes.length - 1)) };
    case 'spliced': {
      const other = genuine.pick(random);
      const at = random.int(1, Math.min(bytes.length, other.length) - 1);
      return { name, datagram: new Uint8Array([...bytes.subarray(0, at), ...other.subarray(at)]) };
    }
    case 'extended':
      return { name, datagram: new Uint8Array([...bytes, ...random.bytes(random.int(1, 64))]) };
    case 'random':
      return { name, datagram: random.bytes(random.int(0, randomMax)) };
  }
}

/** Of somebody without the key. */
export function outsiders(live: Quarry, wrongKey: Gate, random: Random): Attack {
  const kind = random.int(0, 9);
  if (kind < 2) return { name: 'replayed', datagram: live.datagrams.pick(random) };
  if (kind > 3) return damaged(live.datagrams, random);
  return { name: 'wrong key', datagram: wrongKey.seal(forged(live, random)) };
}

/** Of somebody with the key who is no member, or who has the id of the one who is met. */
export function strangers(live: Quarry, target: number, random: Random): Attack {
  const message = genuine(live, random);
  const isTwin = random.chance(0.2);
  const self = live.idOf(target);
  const source =
    isTwin && self !== undefined ? self : processorId(random.int(4, 900), random.uint32());
  // Asking to be let in is what a holder of the key may do.
  if (message.header.type === 'join') {
    return { name: 'random', datagram: random.bytes(random.int(0, randomMax)) };
  }
  const { header, body } = message;
  if (!isTwin) return { name: 'stranger', datagram: encode({ ...header, source }, body) };
  // A second processor of this id has counters of its own.
  const sequence = (header.sequence + random.int(0, 100_000)) % 2 ** 32;
  const timestamp = (header.timestamp + random.int(0, 100_000)) % 2 ** 32;
  return { name: 'twin', datagram: encode({ ...header, source, sequence, timestamp }, body) };
}

/** Of a member that lies, or somebody who passes for one. */
export function liars(live: Quarry, random: Random): Attack {
  const message = genuine(live, random);
  const { header, body } = message;
  switch (random.int(0, 5)) {
    case 0: {
      const asks = {
        processor: header.source,
        start: 1,
        stop: random.pick([wordMax, 2 ** 53 - 1]),
      };
      return {
        name: 'endless request',
        datagram: encode(header, { type: 'retransmitRequest', ...asks }),
      };
    }
    case 1: {
      const counter = (near: number): number =>
        random.chance(0.5)
          ? random.uint32()
          : (near + 2 ** 32 + random.pick([random.int(-50, 50), random.int(1, 5_000)])) % 2 ** 32;
      const { sequence, timestamp, ack } = header;
      const counters = {
        sequence: counter(sequence),
        timestamp: counter(timestamp),
        ack: random.chance(0.5) ? ack : counter(ack),
      };
      return { name: 'absurd counters', datagram: encode({ ...header, ...counters }, body) };
    }
    case 2:
      return { name: 'old message', datagram: message.bytes };
    case 3:
      return { name: 'slice of nothing', datagram: sliceOfNothing(header, random) };
    default:
      return damaged(live.messages, random);
  }
}

/** A slice of a message that does not exist, or of other bytes than it. */
function sliceOfNothing(header: Message['header'], random: Random): Uint8Array {
  const content = random.bytes(random.int(1, sliceMax));
  const length = random.int(content.length + 1, datagramBytesMax);
  const offset = random.int(0, length - content.length);
  const sequence = (header.sequence + random.int(0, 5_000)) % 2 ** 32;
  return encode({ ...header, sequence }, { type: 'slice', length, offset, content });
}

/** A message of any type that was sent, with what only its sender may say. */
function forged(live: Quarry, random: Random): Uint8Array {
  return live.messages.pick(random);
}

function genuine(live: Quarry, random: Random): Message {
  for (;;) {
    const message = decode(live.messages.pick(random));
    if (!isRefusal(message)) return message;
  }
}

function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  for (let count = random.int(1, 8); count > 0; count -= 1) {
    const at = random.int(0, changed.length - 1);
    const before = changed[at] ?? 0;
    changed[at] = random.chance(0.5)
      ? before ^ (1 << random.int(0, 7))
      : random.pick([0, 1, 127, 128, 255]);
  }
  return changed;
}
