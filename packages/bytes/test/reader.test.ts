import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reader, readFixed, Writer } from '../src/index.ts';

describe('a reader', () => {
  it('R1 remembers its first failure and returns nothing from then on', () => {
    const reader = new Reader(Uint8Array.of(7, 2, 1, 1, 1, 1, 1, 1));
    expect(reader.u8()).toBe(7);
    expect(reader.flag()).toBe(false);
    const first = { code: 'FORM', problem: 'the flag is neither 0 nor 1', offset: 1 };
    expect(reader.failure).toEqual(first);

    expect(reader.remaining).toBe(0);
    expect([reader.u8(), readFixed(reader, 4, 'big'), reader.natural(), reader.count(9)]).toEqual([
      0, 0, 0, 0,
    ]);
    expect([reader.flag(), reader.text(), reader.bytes(), reader.raw(1)]).toEqual([
      false,
      '',
      new Uint8Array(),
      new Uint8Array(),
    ]);
    reader.skip(1);
    reader.fail('VALUE', 'something else');
    expect(reader.failure).toEqual(first);
  });

  it('R1 fails as its caller says', () => {
    const reader = new Reader(Uint8Array.of(1, 2));
    reader.u8();
    reader.fail('VALUE', 'is not a colour');
    expect(reader.failure).toEqual({ code: 'VALUE', problem: 'is not a colour', offset: 1 });
    expect(reader.u8()).toBe(0);
  });

  it('R3 gives views of the input, also of a Buffer', () => {
    const input = Buffer.from([9, 3, 1, 2, 3, 4]).subarray(1);
    const reader = new Reader(input);
    const bytes = reader.bytes();
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
    expect(bytes.constructor).toBe(Uint8Array);
    input[1] = 77;
    expect(bytes[0]).toBe(77);
  });

  it('R4 trusts no count', () => {
    const writer = new Writer();
    writer.natural(2 ** 50);
    const bytes = writer.take();
    const failureOf = (read: (reader: Reader) => unknown) => {
      const reader = new Reader(bytes);
      read(reader);
      return reader.failure?.code;
    };
    expect(failureOf((reader) => reader.count(10))).toBe('LIMIT');
    expect(failureOf((reader) => reader.count(2 ** 51))).toBe('END');
    expect(failureOf((reader) => reader.bytes())).toBe('END');
    expect(failureOf((reader) => reader.raw(2 ** 50))).toBe('END');
    expect(failureOf((reader) => reader.skip(2 ** 50))).toBe('END');
  });

  it('stays within its part of the input', () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3, 4), 1, 3);
    expect(reader.remaining).toBe(2);
    expect(readFixed(reader, 2, 'big')).toBe(0x0203);
    expect(reader.u8()).toBe(0);
    expect(reader.failure).toMatchObject({ code: 'END', offset: 3 });
    expect(new Reader(Uint8Array.of(1), 5, 9).remaining).toBe(0);
  });

  it('never throws, and never leaves its input, whatever it is asked to read', () => {
    const reads: readonly ((reader: Reader) => unknown)[] = [
      (reader) => reader.u8(),
      (reader) => readFixed(reader, 2, 'big'),
      (reader) => readFixed(reader, 4, 'little'),
      (reader) => readFixed(reader, 8, 'big'),
      (reader) => reader.flag(),
      (reader) => reader.natural(),
      (reader) => reader.count(20),
      (reader) => reader.bytes(30),
      (reader) => reader.raw(3),
      (reader) => reader.text(30),
      (reader) => reader.skip(2),
    ];
    const script = fc.array(fc.nat(reads.length - 1), { maxLength: 20 });
    const property = fc.property(fc.uint8Array({ maxLength: 60 }), script, (bytes, steps) => {
      const reader = new Reader(bytes);
      for (const step of steps) {
        const before = reader.offset;
        reads[step]?.(reader);
        expect(reader.offset).toBeGreaterThanOrEqual(before);
        expect(reader.offset + reader.remaining).toBeLessThanOrEqual(bytes.length);
      }
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
