/**
 * What is said on the channel of logical connections (B4), and kept of it in their state.
 *
 * In bytes: a byte for the kind, the connection as text, the number of the request, and what it, or its reply, says.
 */
import { Reader, Writer } from '@choir/bytes';
import { readOneOf } from '../fields.ts';
import { payloadBytesMax } from '../limits.ts';

/** Of the name of a connection, in UTF-8. */
export const connectionBytesMax = 64;
/** Of what a request or a reply says: the rest of a message is for what stands before it. */
export const callBytesMax = payloadBytesMax - 128;

export type ConnectionMessage = {
  readonly kind: 'request' | 'reply' | 'close' | 'failure';
  readonly connection: string;
  /** 1 for the first request of a connection, and one more for each that follows. */
  readonly number: number;
  /** Of a failure: why there is no reply, as UTF-8. */
  readonly bytes: Uint8Array;
};

const kinds = ['request', 'reply', 'close', 'failure'] as const;

/** @param writer is empty, and used again by who encodes many */
export function encodeConnectionMessage(
  message: ConnectionMessage,
  writer: Writer = new Writer(message.bytes.length + connectionBytesMax + 16),
): Uint8Array {
  writer.u8(kinds.indexOf(message.kind));
  writer.text(message.connection);
  writer.natural(message.number);
  writer.raw(message.bytes);
  return writer.take();
}

/** Null when the bytes are none of these. What it says is a copy. */
export function decodeConnectionMessage(bytes: Uint8Array): ConnectionMessage | null {
  const reader = new Reader(bytes);
  const kind = readOneOf(reader, kinds);
  const connection = reader.text(connectionBytesMax);
  const number = reader.natural();
  const rest = reader.raw(reader.remaining).slice();
  return reader.failed ? null : { kind, connection, number, bytes: rest };
}
