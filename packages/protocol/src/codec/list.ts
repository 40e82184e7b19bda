import { type Reader, UnencodableError, type Writer } from '@choir/bytes';
import type { Codec } from './codec.ts';

/**
 * At most `max` items. Binary: their count, then the items. An item takes one byte at least, so a
 * count beyond what remains is refused before anything is made for it.
 */
export function list<T>(item: Codec<T>, max: number): Codec<readonly T[]> {
  return {
    shape: { kind: 'list', item: item.shape, max },
    write(writer: Writer, value: readonly T[]): void {
      checkCount(value, max);
      writer.natural(value.length);
      for (const each of value) item.write(writer, each);
    },
    read(reader: Reader): readonly T[] {
      const count = reader.count(max);
      const items: T[] = [];
      for (let i = 0; i < count && !reader.failed; i++) items.push(item.read(reader));
      return items;
    },
  };
}

export function checkCount(value: readonly unknown[], max: number): void {
  if (value.length > max) throw new UnencodableError(`the list has more than ${max} items`);
}
