/**
 * A message: header and body, as one value, and as bytes.
 *
 * `decode` never throws. What it gives is well formed in full: nothing behind it checks lengths or ranges again. A message has one
 * rendering in each byte order: what was decoded, encoded again, is the same bytes (W2 of `docs/protocol/ftmp.md`).
 *
 * What was decoded holds views of the datagram; who keeps it keeps the datagram.
 */
import { Reader, Writer } from '@choir/bytes';
import * as control from './control.ts';
import { FieldReader, FieldWriter } from './fields.ts';
import {
  datagramBytesMax,
  type Header,
  type HeaderFields,
  headerBytes,
  readHeader,
  writeHeader,
} from './header.ts';
import * as membership from './membership.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { bodyLength, isPlain, type Part, readParts, writeParts } from './regular.ts';
import type { MessageTypeName } from './services.ts';
import { readSlice, type Slice, writeSlice } from './slice.ts';

export type Body =
  | { readonly type: 'regular'; readonly parts: readonly Part[] }
  | ({ readonly type: 'retransmitRequest' } & control.RetransmitRequest)
  | ({ readonly type: 'heartbeat' } & control.Heartbeat)
  | ({ readonly type: 'connectRequest' } & control.ConnectRequest)
  | ({ readonly type: 'connect' } & control.Connect)
  | ({ readonly type: 'addProcessor' } & membership.AddProcessor)
  | ({ readonly type: 'removeProcessor' } & membership.RemoveProcessor)
  | ({ readonly type: 'suspect' } & membership.Suspect)
  | ({ readonly type: 'membership' } & membership.Membership)
  | ({ readonly type: 'join' } & control.Join)
  | ({ readonly type: 'refuse' } & control.Refuse)
  | ({ readonly type: 'announce' } & control.Announce)
  | ({ readonly type: 'slice' } & Slice);

export type BodyOf<Type extends MessageTypeName> = Extract<Body, { readonly type: Type }>;

export type Message = { readonly header: Header; readonly body: Body; readonly bytes: Uint8Array };

export function decode(bytes: Uint8Array): Message | Refusal {
  const header = readHeader(bytes);
  if (isRefusal(header)) return header;
  if (header.type === 'regular') {
    const parts = readParts(bytes, header.packed, header.order);
    if (typeof parts === 'string') return { refused: 'BODY', problem: parts };
    return { header, body: { type: 'regular', parts }, bytes };
  }
  const reader = new Reader(bytes, headerBytes);
  const body = readBody(header.type, new FieldReader(reader, header.order));
  if (reader.remaining > 0) reader.fail('FORM', 'there are more bytes than the body has');
  if (reader.failure === null) return { header, body, bytes };
  const { code, problem } = reader.failure;
  return { refused: code === 'LIMIT' ? 'LIMIT' : 'BODY', problem };
}

function readBody(type: Exclude<MessageTypeName, 'regular'>, fields: FieldReader): Body {
  switch (type) {
    case 'retransmitRequest':
      return { type, ...control.readRetransmitRequest(fields) };
    case 'heartbeat':
      return { type, ...control.readHeartbeat(fields) };
    case 'connectRequest':
      return { type, ...control.readConnectRequest(fields) };
    case 'connect':
      return { type, ...control.readConnect(fields) };
    case 'addProcessor':
      return { type, ...membership.readAddProcessor(fields) };
    case 'removeProcessor':
      return { type, member: fields.processor() };
    case 'suspect':
      return { type, ...membership.readSuspect(fields) };
    case 'membership':
      return { type, ...membership.readMembership(fields) };
    case 'join':
      return { type, ...control.readJoin(fields) };
    case 'refuse':
      return { type, ...control.readRefuse(fields) };
    case 'announce':
      return { type, ...control.readAnnounce(fields) };
    case 'slice':
      return { type, ...readSlice(fields) };
  }
}

/** What the sender of a message decides; the rest of its header follows from the body. */
export type Envelope = Pick<
  HeaderFields,
  'order' | 'source' | 'group' | 'sequence' | 'timestamp' | 'ack'
> & {
  readonly safe?: boolean;
  /** The minor version of the protocol that the message is in; ours when absent. */
  readonly minor?: number;
};

/**
 * A first transmission of a message; see `asRetransmission` for the others.
 *
 * @throws RangeError when the message is longer than a datagram can be: a mistake of the caller, who knows the size
 */
export function encode(envelope: Envelope, body: Body): Uint8Array {
  const bytes =
    body.type === 'regular' ? withParts(envelope, body.parts) : withBody(envelope, body);
  if (bytes.length > datagramBytesMax) throw new RangeError(`${bytes.length} bytes do not fit`);
  const packed = body.type === 'regular' && !isPlain(body.parts);
  const { safe = false } = envelope;
  writeHeader(bytes, { ...envelope, type: body.type, retransmission: false, packed, safe });
  return bytes;
}

function withParts({ order }: Envelope, parts: readonly Part[]): Uint8Array {
  const bytes = new Uint8Array(headerBytes + bodyLength(parts));
  writeParts(bytes, parts, order);
  return bytes;
}

const noHeader = new Uint8Array(headerBytes);

function withBody({ order }: Envelope, body: Exclude<Body, { type: 'regular' }>): Uint8Array {
  const writer = new Writer();
  writer.raw(noHeader);
  writeBody(new FieldWriter(writer, order), body);
  return writer.take();
}

function writeBody(fields: FieldWriter, body: Exclude<Body, { type: 'regular' }>): void {
  switch (body.type) {
    case 'retransmitRequest':
      control.writeRetransmitRequest(fields, body);
      return;
    case 'heartbeat':
      control.writeHeartbeat(fields, body);
      return;
    case 'connectRequest':
      control.writeConnectRequest(fields, body);
      return;
    case 'connect':
      control.writeConnect(fields, body);
      return;
    case 'addProcessor':
      membership.writeAddProcessor(fields, body);
      return;
    case 'removeProcessor':
      fields.processor(body.member);
      return;
    case 'suspect':
      membership.writeSuspect(fields, body);
      return;
    case 'membership':
      membership.writeMembership(fields, body);
      return;
    case 'join':
      control.writeJoin(fields, body);
      return;
    case 'refuse':
      control.writeRefuse(fields, body);
      return;
    case 'announce':
      control.writeAnnounce(fields, body);
      return;
    case 'slice':
      writeSlice(fields, body);
      return;
  }
}
