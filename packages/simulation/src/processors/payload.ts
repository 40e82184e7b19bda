/** Payloads that say who sent them, and as its how manyth. */

import { Reader, readFixed, Writer, writeFixed } from '@choir/bytes';
import { type ProcessorId, processorText } from '@choir/ftmp';

const headBytes = 4;

/** At least four bytes; `length` in all. */
export function payload(n: number, length: number): Uint8Array {
  const writer = new Writer();
  writeFixed(writer, n, { width: headBytes, order: 'big' });
  const bytes = new Uint8Array(Math.max(headBytes, length));
  bytes.fill(n & 0xff);
  bytes.set(writer.take());
  return bytes;
}

/** The id of the message in the trace. */
export function messageOf(sender: ProcessorId, bytes: Uint8Array): string {
  return `${processorText(sender)}/${readFixed(new Reader(bytes), headBytes, 'big')}`;
}
