/**
 * What a stored outbox is made of: entries, each with its length and a checksum before it (both 32 bits,
 * little-endian). A file holds a magic word and then entries; it is only appended to, or replaced whole.
 */
import { crc32, Reader, Writer } from '@choir/bytes';
import {
  blob,
  clientId,
  displayName,
  groupName,
  type Infer,
  limits,
  list,
  localIdCodec,
  natural,
  optional,
  parseClientId,
  record,
  submission,
  text,
  union,
} from '@choir/protocol';
import type { Identity } from './outbox-store.ts';
import type { OutboxRecord } from './session/index.ts';

export const entryCodec = union({
  /** Tags are stored in files; never reuse one. */
  identity: [1, record({ clientId: optional(clientId), secret: blob(limits.secretBytes) })],
  stored: [
    2,
    record({
      submission,
      unbased: list(groupName, limits.parts),
      memberName: optional(displayName),
    }),
  ],
  removed: [3, record({ localId: localIdCodec })],
  /** Highest local id that was used before what follows. */
  used: [4, record({ localId: natural })],
  /** Address of the server that knows the client of the identity before. */
  home: [5, record({ server: text(limits.explanationBytes) })],
});

export type Entry = Infer<typeof entryCodec>;
export type Stored = Extract<Entry, { kind: 'stored' }>;

/** An address that is too long to be kept is as good as none. */
export function identityEntries({ clientId, secret, server }: Identity): readonly Entry[] {
  const known = clientId === null ? null : parseClientId(clientId);
  const identity = {
    kind: 'identity',
    secret,
    ...(known === null ? {} : { clientId: known }),
  } as const;
  const isKept = server !== undefined && 3 * server.length <= limits.explanationBytes;
  return isKept ? [identity, { kind: 'home', server }] : [identity];
}

export function storedEntry(record: OutboxRecord): Stored {
  const { group, localId, body, unbased, memberName } = record;
  const submission = { group, localId, previous: 0, body };
  const name = memberName === null ? {} : { memberName };
  return { kind: 'stored', submission, unbased, ...name };
}

export function recordOf({ submission, unbased, memberName }: Stored): OutboxRecord {
  const { group, localId, body } = submission;
  return { group, localId, body, unbased, memberName: memberName ?? null };
}

export const magic = new TextEncoder().encode('choirob1');
const headBytes = 8;

export function encodeEntry(entry: Entry): Uint8Array {
  const body = new Writer();
  entryCodec.write(body, entry);
  const bytes = body.written();
  const framed = new Uint8Array(headBytes + bytes.length);
  const head = new DataView(framed.buffer);
  head.setUint32(0, bytes.length, true);
  head.setUint32(4, crc32(bytes), true);
  framed.set(bytes, headBytes);
  return framed;
}

export type Scan = {
  /** Each with the bytes that it takes in the file. */
  readonly entries: readonly (readonly [entry: Entry, bytes: number])[];
  /** How far the file is whole; what is behind was being written when its process ended. */
  readonly wholeBytes: number;
};

/** Reads a file up to the first entry that is not whole. Null when it is no outbox at all. */
export function scan(file: Uint8Array): Scan | null {
  if (!magic.every((byte, index) => file[index] === byte)) return null;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const entries: [Entry, number][] = [];
  let offset = magic.length;
  while (offset + headBytes <= file.length) {
    const end = offset + headBytes + view.getUint32(offset, true);
    const entry = end > file.length ? null : decodeEntry(file.subarray(offset, end));
    if (entry === null) break;
    entries.push([entry, end - offset]);
    offset = end;
  }
  return { entries, wholeBytes: offset };
}

/** Exactly one entry; null when these bytes are none. */
export function decodeEntry(framed: Uint8Array): Entry | null {
  if (framed.length < headBytes) return null;
  const head = new DataView(framed.buffer, framed.byteOffset, headBytes);
  const bytes = framed.subarray(headBytes);
  if (head.getUint32(0, true) !== bytes.length) return null;
  return head.getUint32(4, true) === crc32(bytes) ? decode(bytes) : null;
}

function decode(bytes: Uint8Array): Entry | null {
  const reader = new Reader(bytes.slice());
  const entry = entryCodec.read(reader);
  return reader.failed || reader.remaining > 0 ? null : entry;
}
