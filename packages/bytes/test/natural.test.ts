import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalBytes, Reader, UnencodableError, Writer } from '../src/index.ts';
import { bytesOf, hexOf } from './hex.ts';

const renderings: readonly (readonly [number, string])[] = [
  [0, '00'],
  [1, '01'],
  [127, '7f'],
  [128, '8001'],
  [300, 'ac02'],
  [16_383, 'ff7f'],
  [16_384, '808001'],
  [2 ** 31 - 1, 'ffffffff07'],
  [2 ** 31, '8080808008'],
  [2 ** 32, '8080808010'],
  [2 ** 35, '808080808001'],
  [Number.MAX_SAFE_INTEGER, 'ffffffffffffff0f'],
];

describe('a natural number', () => {
  it.each(renderings)('%d is %s', (value, hex) => {
    const writer = new Writer();
    writer.natural(value);
    expect(hexOf(writer.take())).toBe(hex);
    expect(naturalBytes(value)).toBe(hex.length / 2);
    expect(new Reader(bytesOf(hex)).natural()).toBe(value);
  });

  it('comes back as it was, whatever it is', () => {
    const property = fc.property(fc.maxSafeNat(), (value) => {
      const writer = new Writer();
      writer.natural(value);
      const reader = new Reader(writer.take());
      expect(reader.natural()).toBe(value);
      expect(reader.failed || reader.remaining > 0).toBe(false);
    });
    fc.assert(property);
  });

  it.each([
    ['8000', 'FORM', 'overlong zero'],
    ['ff00', 'FORM', 'overlong 127'],
    ['80808080808080808000', 'FORM', 'overlong, and more bytes than any number has'],
    ['ffffffffffffff1f', 'FORM', '2^54-1'],
    ['8080808080808010', 'FORM', '2^53'],
    ['ffffffffffffffffff01', 'FORM', '2^64-1'],
    ['', 'END', 'nothing'],
    ['80', 'END', 'the second byte missing'],
    ['ffffffffffffff', 'END', 'the eighth byte missing'],
  ])('%s fails with %s: %s', (hex, code) => {
    const reader = new Reader(bytesOf(hex));
    expect(reader.natural()).toBe(0);
    expect(reader.failure).toMatchObject({ code, offset: 0 });
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%d is none', (value) => {
    expect(() => new Writer().natural(value)).toThrow(UnencodableError);
  });
});
