import { describe, expect, it } from 'vitest';
import { Reader, Writer } from '../src/index.ts';

describe('a writer', () => {
  it('grows as needed', () => {
    const writer = new Writer(1);
    const long = new Uint8Array(100_000).fill(5);
    writer.bytes(long);
    writer.text('end');
    const reader = new Reader(writer.take());
    expect(reader.bytes()).toEqual(long);
    expect(reader.text()).toBe('end');
    expect(reader.remaining).toBe(0);
  });

  it('W2 hands out copies that stay as they are, of exactly their size', () => {
    const writer = new Writer();
    writer.u8(1);
    const first = writer.take();
    writer.u8(2);
    const second = writer.take();
    expect([first, second]).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
    expect(first.buffer.byteLength).toBe(1);
  });

  it('puts the length before what was written', () => {
    const writer = new Writer();
    expect(writer.takeWithLength()).toEqual(Uint8Array.of(0));
    writer.raw(new Uint8Array(200).fill(1));
    const taken = writer.takeWithLength();
    expect(taken.length).toBe(202);
    expect(new Reader(taken).bytes()).toEqual(new Uint8Array(200).fill(1));
  });

  it('W2 shows what was written from a length on, which stays as it is while more is written', () => {
    const writer = new Writer();
    writer.raw(new Uint8Array(10));
    const shown = Array.from({ length: 100 }, (_, n) => {
      const from = writer.length;
      writer.raw(new Uint8Array(20).fill(n));
      return writer.written(from);
    });
    for (const [n, view] of shown.entries()) expect(view).toEqual(new Uint8Array(20).fill(n));
  });

  it('can be looked into, and cleared', () => {
    const writer = new Writer();
    writer.u8(1);
    expect(writer.length).toBe(1);
    expect(writer.written()).toEqual(Uint8Array.of(1));
    writer.clear();
    expect(writer.take()).toEqual(new Uint8Array());
  });
});
