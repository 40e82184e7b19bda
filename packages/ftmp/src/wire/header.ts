/**
 * The header of every message (paper 3.2), 36 bytes. Widths and places are clause H1 of `docs/protocol/ftmp.md`.
 *
 * Boundary: counters are as the wire carries them, 32 bits; who knows a larger value near by makes them whole (`counters.ts`).
 */
import type { ByteOrder } from '@choir/bytes';
import { type GroupId, groupId, type ProcessorId, processorIdOf } from '../ids.ts';
import type { Refusal } from './refusal.ts';
import { type MessageTypeName, messageTypeName, messageTypes, services } from './services.ts';

export const headerBytes = 36;
export const version = { major: 1, minor: 0 } as const;
/** What a datagram of UDP can carry. */
export const datagramBytesMax = 65_507;

/** H4: bits of the octet of flags; the others are 0. */
const flagBits = { littleEndian: 1, retransmission: 2, packed: 4, safe: 8 } as const;
const flagsKnown = 15;
const flagsAt = 6;
/** H2: `FTMP`. */
const magic = 0x46544d50;

export type Header = {
  readonly order: ByteOrder;
  readonly minor: number;
  readonly type: MessageTypeName;
  readonly retransmission: boolean;
  /** E1: the body of a Regular message is a list of parts. */
  readonly packed: boolean;
  /** E3: deliver this Regular message when all members hold it. */
  readonly safe: boolean;
  readonly source: ProcessorId;
  readonly group: GroupId;
  /** The low 32 bits of each. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly ack: number;
};

const refusals = {
  short: { refused: 'SHORT', problem: 'it is shorter than a header' },
  magic: { refused: 'MAGIC', problem: 'it does not begin with FTMP' },
  version: { refused: 'VERSION', problem: 'it has another major version' },
  flags: { refused: 'FLAGS', problem: 'a flag is set that has no meaning' },
  size: { refused: 'SIZE', problem: 'the size in the header is not that of the message' },
  type: { refused: 'TYPE', problem: 'no type has this number' },
  flagsOfType: { refused: 'FLAGS', problem: 'a flag is set that this type does not have' },
  source: { refused: 'SOURCE', problem: 'no processor has the id of the source' },
} as const satisfies Record<string, Refusal>;

/** H4: which flags a type may have. */
const allowedFlags = allowed();

function allowed(): Readonly<Record<MessageTypeName, number>> {
  const flags: Record<string, number> = {};
  for (const [type, { reliable }] of Object.entries(services)) {
    flags[type] = flagBits.littleEndian | (reliable ? flagBits.retransmission : 0);
  }
  return { ...(flags as Record<MessageTypeName, number>), regular: flagsKnown };
}

/** The header of a message, or why it is none; the checks are made in the order of C1. */
export function readHeader(bytes: Uint8Array): Header | Refusal {
  if (bytes.length < headerBytes) return refusals.short;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0) !== magic) return refusals.magic;
  if (view.getUint8(4) !== version.major) return refusals.version;
  const flags = view.getUint8(flagsAt);
  if ((flags & ~flagsKnown) !== 0) return refusals.flags;
  const little = (flags & flagBits.littleEndian) !== 0;
  if (view.getUint32(8, little) !== bytes.length) return refusals.size;
  const type = messageTypeName(view.getUint8(7));
  if (type === undefined) return refusals.type;
  if ((flags & ~allowedFlags[type]) !== 0) return refusals.flagsOfType;
  const [high, low] = little ? [16, 12] : [12, 16];
  const source = processorIdOf(
    view.getUint32(high, little) * 2 ** 32 + view.getUint32(low, little),
  );
  if (source === null) return refusals.source;
  return {
    order: little ? 'little' : 'big',
    minor: view.getUint8(5),
    type,
    retransmission: (flags & flagBits.retransmission) !== 0,
    packed: (flags & flagBits.packed) !== 0,
    safe: (flags & flagBits.safe) !== 0,
    source,
    group: groupId(view.getUint32(20, little)),
    sequence: view.getUint32(24, little),
    timestamp: view.getUint32(28, little),
    ack: view.getUint32(32, little),
  };
}

/** What a sender fills in; counters may be whole, their low 32 bits are written. */
export type HeaderFields = Omit<Header, 'minor'> & { readonly minor?: number };

/** Writes the header of a message that is `bytes` long in all. */
export function writeHeader(bytes: Uint8Array, header: HeaderFields): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = header.order === 'little';
  view.setUint32(0, magic);
  view.setUint8(4, version.major);
  view.setUint8(5, header.minor ?? version.minor);
  view.setUint8(
    flagsAt,
    (little ? flagBits.littleEndian : 0) |
      (header.retransmission ? flagBits.retransmission : 0) |
      (header.packed ? flagBits.packed : 0) |
      (header.safe ? flagBits.safe : 0),
  );
  view.setUint8(7, messageTypes[header.type]);
  view.setUint32(8, bytes.length, little);
  const [high, low] = little ? [16, 12] : [12, 16];
  view.setUint32(high, Math.floor(header.source / 2 ** 32), little);
  view.setUint32(low, header.source % 2 ** 32, little);
  view.setUint32(20, header.group, little);
  view.setUint32(24, header.sequence % 2 ** 32, little);
  view.setUint32(28, header.timestamp % 2 ** 32, little);
  view.setUint32(32, header.ack % 2 ** 32, little);
}

/** The same message, marked as a retransmission: a copy (R2), also of a Buffer, whose `slice` would be none. */
export function asRetransmission(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[flagsAt] = (copy[flagsAt] ?? 0) | flagBits.retransmission;
  return copy;
}
