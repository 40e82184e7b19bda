import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ByteOrder, Reader, UnencodableError, Writer } from '../src/index.ts';
import { hexOf } from './hex.ts';

const orders: readonly ByteOrder[] = ['big', 'little'];

function written(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer();
  write(writer);
  return writer.take();
}

describe('integers of fixed width', () => {
  it('have their high byte first or last', () => {
    expect(hexOf(written((w) => w.u16(0x0102, 'big')))).toBe('0102');
    expect(hexOf(written((w) => w.u16(0x0102, 'little')))).toBe('0201');
    expect(hexOf(written((w) => w.u32(0xfffefdfc, 'big')))).toBe('fffefdfc');
    expect(hexOf(written((w) => w.u32(0xfffefdfc, 'little')))).toBe('fcfdfeff');
    expect(hexOf(written((w) => w.u64(0x0102030405060, 'big')))).toBe('0000102030405060');
    expect(hexOf(written((w) => w.u64(0x0102030405060, 'little')))).toBe('6050403020100000');
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
        writer.u16(b, order);
        writer.u32(c, order);
        writer.u64(d, order);
      });
      const reader = new Reader(bytes);
      const back = [reader.u8(), reader.u16(order), reader.u32(order), reader.u64(order)];
      expect(back).toEqual([a, b, c, d]);
    });
    fc.assert(property);
  });

  it('fail when they would not be exact', () => {
    const reader = new Reader(Uint8Array.of(1, 0, 0x20, 0, 0, 0, 0, 0, 0));
    reader.u8();
    expect(reader.u64('big')).toBe(0);
    expect(reader.failure).toMatchObject({ code: 'FORM', offset: 1 });
  });

  it.each([
    ['u8', (w: Writer) => w.u8(0x100)],
    ['u16', (w: Writer) => w.u16(-1, 'big')],
    ['u32', (w: Writer) => w.u32(2 ** 32, 'little')],
    ['u64', (w: Writer) => w.u64(2 ** 53, 'little')],
  ])('%s refuses to write what does not fit', (_name, write) => {
    expect(() => written(write)).toThrow(UnencodableError);
  });
});
