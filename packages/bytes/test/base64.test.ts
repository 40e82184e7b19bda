import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../src/index.ts';

describe('base64', () => {
  it('is what everybody writes, and comes back', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    });
    fc.assert(property);
  });

  it('has one rendering for each byte string', () => {
    const property = fc.property(fc.string({ maxLength: 12 }), (text) => {
      const bytes = fromBase64(text);
      if (bytes !== null) expect(toBase64(bytes)).toBe(text);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  it.each([
    'A',
    'AA',
    'AAA',
    'AA=',
    'AB==',
    'AAB=',
    '====',
    'A===',
    'AA==AAAA',
    'AA-_',
    'A A=',
    '\n',
  ])('refuses %j', (text) => {
    expect(fromBase64(text)).toBeNull();
  });
});
