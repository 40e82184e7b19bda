/** What members hand over: the how manyth message of its sender it is, in four bytes, then whatever it carries. */
import { Reader, readFixed, Writer, writeFixed } from '@choir/bytes';
import { type ProcessorId, processorText } from '@choir/ftmp';

const headBytes = 4;

export function numbered(n: number, body: Uint8Array): Uint8Array {
  const writer = new Writer(headBytes + body.length);
  writeFixed(writer, n, { width: headBytes, order: 'big' });
  writer.raw(body);
  return writer.take();
}

/** The id of the message in the trace. */
export function messageOf(sender: ProcessorId, bytes: Uint8Array): string {
  return `${processorText(sender)}/${readFixed(new Reader(bytes), headBytes, 'big')}`;
}

export function bodyOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(headBytes);
}
