/**
 * Slices of a reliable message that is longer than a packet (E15): what was sent whole is sent again in these. The header of each has the
 * source, the group and the counters of the message.
 */
import type { FieldReader, FieldWriter } from './fields.ts';
import { datagramBytesMax, headerBytes } from './header.ts';

export type Slice = {
  /** Bytes of the whole message, and where in them the content stands. */
  readonly length: number;
  readonly offset: number;
  readonly content: Uint8Array;
};

/** The bytes of a slice without its content. */
export const sliceBytes = headerBytes + 8;

export function readSlice(fields: FieldReader): Slice {
  const { reader } = fields;
  const [length, offset] = [fields.u32(), fields.u32()];
  const content = reader.raw(reader.failed ? 0 : reader.remaining);
  if (length > datagramBytesMax) reader.fail('LIMIT', 'the whole is longer than a datagram');
  else if (content.length === 0) reader.fail('END', 'the slice is empty');
  else if (offset + content.length > length)
    reader.fail('VALUE', 'the slice ends behind the whole');
  else if (content.length === length) reader.fail('FORM', 'the slice is the whole');
  return { length, offset, content };
}

export function writeSlice(fields: FieldWriter, { length, offset, content }: Slice): void {
  fields.u32(length);
  fields.u32(offset);
  fields.raw(content);
}

/** A message in slices with so much content each; the last has less, perhaps. */
export function* slicesOf(message: Uint8Array, contentBytes: number): Iterable<Slice> {
  const { length } = message;
  for (let offset = 0; offset < length; offset += contentBytes) {
    yield { length, offset, content: message.subarray(offset, offset + contentBytes) };
  }
}
