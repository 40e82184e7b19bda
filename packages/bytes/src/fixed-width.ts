/**
 * Integers of fixed width, in either byte order. They stand apart from the reader and the writer, so that
 * a program whose formats have none does not carry them.
 */
import type { ByteOrder } from './byte-order.ts';
import type { Reader } from './reader.ts';
import { UnencodableError, type Writer } from './writer.ts';

/** Bytes. Of eight only numbers up to 2^53-1 are taken, since others would not be exact. */
export type Width = 2 | 4 | 8;

export function readFixed(reader: Reader, width: Width, order: ByteOrder): number {
  const start = reader.offset;
  const bytes = reader.raw(width);
  let value = 0;
  for (let i = 0; i < bytes.length; i++) {
    value = value * 0x100 + (bytes[order === 'big' ? i : width - 1 - i] ?? 0);
  }
  if (value <= Number.MAX_SAFE_INTEGER) return value;
  reader.fail('FORM', 'the number is larger than 2^53-1', start);
  return 0;
}

export function writeFixed(
  writer: Writer,
  value: number,
  { width, order }: { readonly width: Width; readonly order: ByteOrder },
): void {
  const max = Math.min(2 ** (8 * width) - 1, Number.MAX_SAFE_INTEGER);
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new UnencodableError(`${value} is not an integer from 0 to ${max}`);
  }
  const bytes = new Uint8Array(width);
  let rest = value;
  for (let i = 0; i < width; i++) {
    bytes[order === 'big' ? width - 1 - i : i] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
  writer.raw(bytes);
}
