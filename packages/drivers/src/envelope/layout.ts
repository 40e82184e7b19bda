/**
 * The head of a protected datagram (X1 of docs/protocol/ftmp-envelope.md): in the clear, and authenticated.
 *
 *   0 "FTMX" · 4 version · 5 kind · 6 key id · 8 transmitter, 16 bytes · 24 counter · 32 ciphertext · tag, 16 bytes
 */
export const headBytes = 32;
export const tagBytes = 16;
export const transmitterBytes = 16;
export const nonceBytes = 16;
export const overheadBytes = headBytes + tagBytes;

export const kinds = { data: 0, challenge: 1, answer: 2 } as const;

const magic = 0x46544d58;
const version = 1;
const transmitterAt = 8;
const counterAt = 24;
const word = 2 ** 32;

export type Head = {
  readonly kind: number;
  readonly keyId: number;
  readonly counter: number;
};

export type HeadRefusal = 'short' | 'magic' | 'version' | 'kind' | 'counter';

export function readHead(datagram: Buffer): Head | HeadRefusal {
  if (datagram.length < overheadBytes) return 'short';
  if (datagram.readUInt32BE(0) !== magic) return 'magic';
  if (datagram[4] !== version) return 'version';
  const kind = datagram[5] ?? 0;
  if (kind > kinds.answer) return 'kind';
  const counter = readCounter(datagram, counterAt);
  if (counter === 0 || counter > Number.MAX_SAFE_INTEGER) return 'counter';
  return { kind, keyId: datagram.readUInt16BE(6), counter };
}

export function writeHead(datagram: Buffer, { kind, keyId, counter }: Head): void {
  datagram.writeUInt32BE(magic, 0);
  datagram[4] = version;
  datagram[5] = kind;
  datagram.writeUInt16BE(keyId, 6);
  writeCounter(datagram, counter, counterAt);
}

export function transmitterOf(datagram: Buffer): Buffer {
  return datagram.subarray(transmitterAt, transmitterAt + transmitterBytes);
}

/** The same as text, as a key of maps. */
export function transmitterName(datagram: Buffer): string {
  return datagram.toString('latin1', transmitterAt, transmitterAt + transmitterBytes);
}

export function writeTransmitter(datagram: Buffer, transmitter: Uint8Array): void {
  datagram.set(transmitter, transmitterAt);
}

export function readCounter(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * word + bytes.readUInt32BE(at + 4);
}

export function writeCounter(bytes: Buffer, counter: number, at: number): void {
  bytes.writeUInt32BE(Math.floor(counter / word), at);
  bytes.writeUInt32BE(counter % word, at + 4);
}

/** 12 bytes for AES-GCM: four zeros and the counter, which no transmitter uses twice (X4). */
export function writeNonce(nonce: Buffer, counter: number): void {
  writeCounter(nonce, counter, 4);
}

/** The bytes of a datagram as a Buffer, without a copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
