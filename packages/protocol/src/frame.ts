/**
 * Frames: the batches of messages that a transport carries as one unit, here in binary: each message
 * with its length before it. `json-frame.ts` is the other rendering.
 *
 * F1 A frame is taken whole or refused whole: a bad message leaves no trace of those before it.
 * F2 A message encoded once can stand in any number of frames: a frame is a concatenation.
 * F3 Payloads in decoded messages are views of the frame (R3 of `bytes`): `slice()` what is kept.
 */
import { Reader, type ReadFailure, type ReadFailureCode, Writer } from '@choir/bytes';
import type { Codec } from './codec/index.ts';
import { limits } from './limits.ts';
import type { Code } from './messages/index.ts';

/** Why something is not taken, in the words of the protocol. The message fits `goodbye`. */
export type Refusal = { readonly code: Code; readonly message: string };

export type Decoded<T> =
  | { readonly ok: true; readonly messages: readonly T[] }
  | { readonly ok: false; readonly refusal: Refusal };

const scratch = new Writer();

/** One message, ready to be put into frames (F2). */
export function encodeMessage<T>(codec: Codec<T>, message: T): Uint8Array<ArrayBuffer> {
  // An encoding that was given up in the middle (`UnencodableError`) left its beginning.
  scratch.clear();
  codec.write(scratch, message);
  return scratch.takeWithLength();
}

/** A frame of messages that `encodeMessage` made. */
export function joinMessages(messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = messages.reduce((sum, message) => sum + message.length, 0);
  const frame = new Uint8Array(length);
  let offset = 0;
  for (const message of messages) {
    frame.set(message, offset);
    offset += message.length;
  }
  return frame;
}

export function decodeFrame<T>(codec: Codec<T>, frame: Uint8Array, maxBytes: number): Decoded<T> {
  if (frame.length > maxBytes) return frameTooLarge(maxBytes);
  const messages: T[] = [];
  let items = 0;
  const reader = new Reader(frame);
  while (reader.remaining > 0) {
    if (messages.length === limits.frameMessages) return tooManyMessages();
    const length = reader.length(maxBytes);
    const message = new Reader(frame, reader.offset, reader.offset + length);
    reader.skip(length);
    messages.push(codec.read(message));
    if (message.remaining > 0) message.fail('FORM', 'the message is over before its bytes are');
    const failure = reader.failure ?? message.failure;
    if (failure !== null) return { ok: false, refusal: refusalOf(failure, messages.length) };
    items += message.counted;
    if (items > limits.frameItems) return tooManyItems();
  }
  return { ok: true, messages };
}

export function frameTooLarge(maxBytes: number): { ok: false; refusal: Refusal } {
  const message = `the frame is longer than ${maxBytes} bytes`;
  return { ok: false, refusal: { code: 'TOO_LARGE', message } };
}

export function tooManyMessages(): { ok: false; refusal: Refusal } {
  const message = `the frame has more than ${limits.frameMessages} messages`;
  return { ok: false, refusal: { code: 'TOO_LARGE', message } };
}

export function tooManyItems(): { ok: false; refusal: Refusal } {
  const message = `the lists of the frame have more than ${limits.frameItems} items`;
  return { ok: false, refusal: { code: 'TOO_LARGE', message } };
}

const codeOf: { readonly [C in ReadFailureCode]: Code } = {
  END: 'MALFORMED',
  FORM: 'MALFORMED',
  LIMIT: 'TOO_LARGE',
  // Names are the only values whose content this layer judges.
  VALUE: 'BAD_NAME',
};

function refusalOf(failure: ReadFailure, which: number): Refusal {
  const message = `message ${which} of the frame, at byte ${failure.offset}: ${failure.problem}`;
  return { code: codeOf[failure.code], message };
}
