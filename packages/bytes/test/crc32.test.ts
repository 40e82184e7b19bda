import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../src/index.ts';

describe('crc32', () => {
  it('has the check value of its catalogue entry', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });

  it('agrees with zlib, in one piece and in two', () => {
    const pieces = fc.tuple(fc.uint8Array(), fc.uint8Array());
    const property = fc.property(pieces, ([before, after]) => {
      expect(crc32(before)).toBe(zlibCrc32(before));
      expect(crc32(after, crc32(before))).toBe(zlibCrc32(Buffer.concat([before, after])));
    });
    fc.assert(property);
  });
});
