import type { Writer } from '@choir/bytes';
import type { Codec } from './codec.ts';
import { tooLong } from './scalar.ts';

/**
 * A payload: bytes that mean something to applications only. Binary: the bytes with their length
 * before them.
 */
export function blob(maxBytes: number): Codec<Uint8Array> {
  return {
    shape: { kind: 'blob', maxBytes },
    write(writer: Writer, value: Uint8Array): void {
      if (value.length > maxBytes) throw tooLong('the payload', maxBytes);
      writer.bytes(value);
    },
    read: (reader) => reader.bytes(maxBytes),
  };
}
