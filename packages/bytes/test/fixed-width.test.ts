import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ByteOrder,
  Reader,
  readFixed,
  UnencodableError,
  Writer,
  writeFixed,
} from '../src/index.ts';
import { hexOf } from './hex.ts';

const orders: readonly ByteOrder[] = ['big', 'little'];

function written(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer();
  write(writer);
  return writer.take();
}

describe('integers of fixed width', () => {
  it('have their high byte first or last', () => {
    expect(hexOf(written((w) => writeFixed(w, 0x0102, { width: 2, order: 'big' })))).toBe('0102');
    expect(hexOf(written((w) => writeFixed(w, 0x0102, { width: 2, order: 'little' })))).toBe(
      '0201',
    );
    expect(hexOf(written((w) => writeFixed(w, 0xfffefdfc, { width: 4, order: 'big' })))).toBe(
      'fffefdfc',
    );
    expect(hexOf(written((w) => writeFixed(w, 0xfffefdfc, { width: 4, order: 'little' })))).toBe(
      'fcfdfeff',
    );
    expect(hexOf(written((w) => writeFixed(w, 0x0102030405060, { width: 8, order: 'big' })))).toBe(
      '0000102030405060',
    );
    expect(
      hexOf(written((w) => writeFixed(w, 0x0102030405060, { width: 8, order: 'little' }))),
    ).toBe('6050403020100000');
  });

  it.each(orders)('come back as they were (%s-endian)', (order) => {
    const numbers = fc.tuple(
      fc.nat(0xff),
      fc.nat(0xffff),
      fc.integer({ min: 0, max: 0xffff_ffff }),
      fc.maxSafeNat(),
    );
    const property = fc.property(numbers, ([a, b, c, d]) => {
      const bytes = written((writer) => {
        writer.u8(a);
        writeFixed(writer, b, { width: 2, order });
        writeFixed(writer, c, { width: 4, order });
        writeFixed(writer, d, { width: 8, order });
      });
      const reader = new Reader(bytes);
      const back = [
        reader.u8(),
        readFixed(reader, 2, order),
        readFixed(reader, 4, order),
        readFixed(reader, 8, order),
      ];
      expect(back).toEqual([a, b, c, d]);
    });
    fc.assert(property);
  });

  it('fail when they would not be exact', () => {
    const reader = new Reader(Uint8Array.of(1, 0, 0x20, 0, 0, 0, 0, 0, 0));
    reader.u8();
    expect(readFixed(reader, 8, 'big')).toBe(0);
    expect(reader.failure).toMatchObject({ code: 'FORM', offset: 1 });
  });

  it.each([
    ['one byte', (w: Writer) => w.u8(0x100)],
    ['two bytes', (w: Writer) => writeFixed(w, -1, { width: 2, order: 'big' })],
    ['four bytes', (w: Writer) => writeFixed(w, 2 ** 32, { width: 4, order: 'little' })],
    ['eight bytes', (w: Writer) => writeFixed(w, 2 ** 53, { width: 8, order: 'little' })],
  ])('%s: what does not fit is not written', (_name, write) => {
    expect(() => written(write)).toThrow(UnencodableError);
  });
});
