/**
 * The body of a Regular message (B1): one GIOP message with its connection and request number, as the paper has it, or
 * (E1, E2) a list of parts, each a whole message or a piece of one.
 *
 * Written by hand rather than with `fields.ts`: this is where a busy group spends its time.
 */
import type { ByteOrder } from '@choir/bytes';
import { type ConnectionId, connectionIdBytes } from './connection-id.ts';
import { headerBytes } from './header.ts';

/** Whose message it is, on a logical connection; null where there is none. */
export type Request = {
  readonly connection: ConnectionId;
  readonly number: number;
  /** From the server group, for the request with this number (E13). */
  readonly reply?: true;
};

/** A whole message is first and last. */
export type Part = {
  readonly first: boolean;
  readonly last: boolean;
  /** What was void of this source is sent again from here on. */
  readonly restart: boolean;
  readonly request: Request | null;
  /** A view of the datagram. */
  readonly bytes: Uint8Array;
};

const requestBytes = connectionIdBytes + 8;
const bits = { first: 1, last: 2, request: 4, restart: 8, reply: 16 } as const;
const bitsKnown = 31;
const whole = bits.first | bits.last;
/** What only the first piece of a message may have. */
const ofFirst = bits.request | bits.restart;
/** An octet of bits, and up to three of length. */
const partHeadBytes = 4;

const problems = {
  none: 'there is no part',
  cut: 'it ends within a part',
  bits: 'a bit of a part has no meaning',
  notFirst: 'a piece that is not the first has a request or a restart',
  length: 'the length of a part is not in its one form',
  reply: 'a reply has no request number',
  number: 'the request number is larger than 2^53-1',
  empty: 'a piece is empty',
  plain: 'one whole message with a request is not packed',
} as const;

/** How long a part is on the wire, at most. */
export function partBytes(part: Part): number {
  return partHeadBytes + (part.request === null ? 0 : requestBytes) + part.bytes.length;
}

/** The most bytes of a message that fit into one packed body of `bodyBytes`. */
export function pieceBytes(bodyBytes: number, hasRequest: boolean): number {
  return bodyBytes - partHeadBytes - (hasRequest ? requestBytes : 0);
}

/** The paper's form serves for one whole request (B1); everything else is packed, replies too (E13). */
export function isPlain(parts: readonly Part[]): boolean {
  const [part] = parts;
  if (parts.length !== 1 || part === undefined) return false;
  const { first, last, restart, request } = part;
  return first && last && !restart && request !== null && request.reply !== true;
}

export function bodyLength(parts: readonly Part[]): number {
  if (isPlain(parts)) return requestBytes + (parts[0]?.bytes.length ?? 0);
  let length = 0;
  for (const part of parts) {
    length += 1 + lengthBytes(part.bytes.length) + part.bytes.length;
    if (part.request !== null) length += requestBytes;
  }
  return length;
}

/** Writes the body behind the header; `bytes` has exactly the length of the message. */
export function writeParts(bytes: Uint8Array, parts: readonly Part[], order: ByteOrder): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = order === 'little';
  const plain = isPlain(parts);
  let at = headerBytes;
  for (const part of parts) {
    if (!plain) {
      bytes[at++] =
        (part.first ? bits.first : 0) |
        (part.last ? bits.last : 0) |
        (part.restart ? bits.restart : 0) |
        requestBits(part.request);
      at = putLength(bytes, at, part.bytes.length);
    }
    if (part.request !== null) {
      putRequest(view, at, part.request, little);
      at += requestBytes;
    }
    bytes.set(part.bytes, at);
    at += part.bytes.length;
  }
}

/** The parts that were written into a message, as views of it. */
export function partsIn(message: Uint8Array, parts: readonly Part[]): readonly Part[] {
  const isWithoutHeads = isPlain(parts);
  let at = headerBytes;
  return parts.map(({ first, last, restart, request, bytes: { length } }) => {
    if (!isWithoutHeads) at += 1 + lengthBytes(length);
    if (request !== null) at += requestBytes;
    const bytes = message.subarray(at, at + length);
    at += length;
    return { first, last, restart, request, bytes };
  });
}

/** The parts of a message, or why the body is not one. */
export function readParts(
  bytes: Uint8Array,
  packed: boolean,
  order: ByteOrder,
): readonly Part[] | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = order === 'little';
  if (!packed) {
    if (bytes.length < headerBytes + requestBytes) return problems.cut;
    const request = readRequest(view, headerBytes, little);
    if (request === null) return problems.number;
    const message = bytes.subarray(headerBytes + requestBytes);
    return [{ first: true, last: true, restart: false, request, bytes: message }];
  }
  const parts: Part[] = [];
  let at = headerBytes;
  while (at < bytes.length) {
    const kind = bytes[at++] ?? 0;
    if ((kind & ~bitsKnown) !== 0) return problems.bits;
    if ((kind & bits.first) === 0 && (kind & ofFirst) !== 0) return problems.notFirst;
    if ((kind & bits.reply) !== 0 && (kind & bits.request) === 0) return problems.reply;
    let length = 0;
    let shift = 0;
    for (;;) {
      const octet = bytes[at++];
      if (octet === undefined) return problems.cut;
      if (shift > 14 || (octet === 0 && shift > 0)) return problems.length;
      length |= (octet & 0x7f) << shift;
      if (octet < 0x80) break;
      shift += 7;
    }
    let request: Request | null = null;
    if ((kind & bits.request) !== 0) {
      if (at + requestBytes > bytes.length) return problems.cut;
      request = readRequest(view, at, little);
      if (request === null) return problems.number;
      if ((kind & bits.reply) !== 0) request = { ...request, reply: true };
      at += requestBytes;
    }
    if (at + length > bytes.length) return problems.cut;
    if (length === 0 && (kind & whole) !== whole) return problems.empty;
    parts.push({
      first: (kind & bits.first) !== 0,
      last: (kind & bits.last) !== 0,
      restart: (kind & bits.restart) !== 0,
      request,
      bytes: bytes.subarray(at, at + length),
    });
    at += length;
  }
  if (parts.length === 0) return problems.none;
  return isPlain(parts) ? problems.plain : parts;
}

function requestBits(request: Request | null): number {
  if (request === null) return 0;
  return request.reply === true ? bits.request | bits.reply : bits.request;
}

function putRequest(view: DataView, at: number, request: Request, little: boolean): void {
  const { client, server } = request.connection;
  view.setUint32(at, client.domain, little);
  view.setUint32(at + 4, client.group, little);
  view.setUint32(at + 8, server.domain, little);
  view.setUint32(at + 12, server.group, little);
  const [high, low] = little ? [20, 16] : [16, 20];
  view.setUint32(at + high, Math.floor(request.number / 2 ** 32), little);
  view.setUint32(at + low, request.number % 2 ** 32, little);
}

function readRequest(view: DataView, at: number, little: boolean): Request | null {
  const [high, low] = little ? [20, 16] : [16, 20];
  const number = view.getUint32(at + high, little) * 2 ** 32 + view.getUint32(at + low, little);
  if (number > Number.MAX_SAFE_INTEGER) return null;
  const client = { domain: view.getUint32(at, little), group: view.getUint32(at + 4, little) };
  const server = { domain: view.getUint32(at + 8, little), group: view.getUint32(at + 12, little) };
  return { connection: { client, server }, number };
}

function lengthBytes(length: number): number {
  if (length < 0x80) return 1;
  return length < 0x4000 ? 2 : 3;
}

/** Seven bits an octet, low ones first, the high bit says "more". */
function putLength(bytes: Uint8Array, from: number, length: number): number {
  let at = from;
  let rest = length;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}
