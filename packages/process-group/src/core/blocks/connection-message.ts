/**
 * What is said on the channel of logical connections (B4), and kept of it in their state.
 *
 * In bytes: a byte for the kind, the connection as text, the number of the request, of replies and failures the closings, and what it, or its reply, says.
 */
import { Reader, Writer } from '@choir/bytes';
import { readOneOf } from '../fields.ts';
import { payloadBytesMax } from '../limits.ts';

/** Of the name of a connection, in UTF-8. */
export const connectionBytesMax = 64;
/** Of what a request or a reply says: the rest of a message is for what stands before it. */
export const callBytesMax = payloadBytesMax - 128;

export type ConnectionMessage = {
  readonly connection: string;
  /** 1 for the first request of a connection, and one more for each that follows. */
  readonly number: number;
  /** Of a failure: why there is no reply, as UTF-8. */
  readonly bytes: Uint8Array;
} & (
  | { readonly kind: 'request' | 'close' }
  /** `closings`: how many connections had been closed when this one was opened, which tells it from those of its name before. */
  | { readonly kind: 'reply' | 'failure'; readonly closings: number }
);

const kinds = ['request', 'reply', 'close', 'failure'] as const;

/** @param writer is empty, and used again by who encodes many */
export function encodeConnectionMessage(
  message: ConnectionMessage,
  writer: Writer = new Writer(message.bytes.length + connectionBytesMax + 32),
): Uint8Array {
  writer.u8(kinds.indexOf(message.kind));
  writer.text(message.connection);
  writer.natural(message.number);
  if ('closings' in message) writer.natural(message.closings);
  writer.raw(message.bytes);
  return writer.take();
}

/** Null when the bytes are none of these. What it says is a copy. */
export function decodeConnectionMessage(said: Uint8Array): ConnectionMessage | null {
  const reader = new Reader(said);
  const kind = readOneOf(reader, kinds);
  const connection = reader.text(connectionBytesMax);
  const number = reader.natural();
  const closings = kind === 'reply' || kind === 'failure' ? reader.natural() : 0;
  const bytes = reader.raw(reader.remaining).slice();
  if (reader.failed) return null;
  if (kind === 'reply' || kind === 'failure') return { kind, connection, number, closings, bytes };
  return { kind, connection, number, bytes };
}
