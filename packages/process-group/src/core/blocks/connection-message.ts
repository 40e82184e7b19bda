/**
 * What is said on the channel of logical connections (B4), and kept of it in their state.
 *
 * In bytes: a byte for the kind, the connection as text, the number of the request, the closings, and what it, or its reply, says.
 */
import { Reader, Writer } from '@choir/bytes';
import { readOneOf } from '../fields.ts';
import { payloadBytesMax } from '../limits.ts';

/** Of the name of a connection, in UTF-8. */
export const connectionBytesMax = 64;
/** Of what a request or a reply says: the rest of a message is for what stands before it. */
export const callBytesMax = payloadBytesMax - 128;

const kinds = ['request', 'reply', 'close', 'failure'] as const;

export type ConnectionMessage = {
  readonly kind: (typeof kinds)[number];
  readonly connection: string;
  /** 1 for the first request of a connection, and one more for each that follows. */
  readonly number: number;
  /**
   * Of a reply, and a failure: how many connections had been closed when this one was opened, which tells it from those of its name before. Of the others:
   * the same, as far as who says it knows; while none of the name is open, how many had been closed by then.
   */
  readonly closings: number;
  /** Of a failure: why there is no reply, as UTF-8. */
  readonly bytes: Uint8Array;
};

/** Of who does not know yet what was closed: it means the connection that is open when its message comes. */
export const closingsUnknown = Number.MAX_SAFE_INTEGER;

/** @param writer is empty, and used again by who encodes many */
export function encodeConnectionMessage(
  message: ConnectionMessage,
  writer: Writer = new Writer(message.bytes.length + connectionBytesMax + 32),
): Uint8Array {
  writer.u8(kinds.indexOf(message.kind));
  writer.text(message.connection);
  writer.natural(message.number);
  writer.natural(message.closings);
  writer.raw(message.bytes);
  return writer.take();
}

/** Null when the bytes are none of these. What it says is a copy. */
export function decodeConnectionMessage(said: Uint8Array): ConnectionMessage | null {
  const reader = new Reader(said);
  const kind = readOneOf(reader, kinds);
  const connection = reader.text(connectionBytesMax);
  const number = reader.natural();
  const closings = reader.natural();
  const bytes = reader.raw(reader.remaining).slice();
  return reader.failed ? null : { kind, connection, number, closings, bytes };
}
