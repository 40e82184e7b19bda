/** The line between two threads, here with both ends in one. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { LineEnd, newLine } from '../../src/line/line.ts';
import { newRing, RingReader, RingWriter, recordBytesMax } from '../../src/line/ring.ts';
import { heapNow } from '../fuzz/heap.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a ring', () => {
  test('gives records whole, in order, around its end many times', () => {
    const memory = newRing();
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
    for (let number = 0; number < 2_000; number += 1) {
      const record = new Uint8Array((number * 37) % 3_001).fill(number);
      expect(writer.put(number, [record.subarray(0, 10), record.subarray(10)])).toBe(true);
      expect(reader.take(number)).toEqual(record);
    }
    expect(reader.take(2_000)).toBeNull();
  });

  test('refuses what has no room, and takes it when the reader has gone on', () => {
    const memory = newRing();
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
    const large = new Uint8Array(recordBytesMax);
    let count = 0;
    while (writer.put(count, [large])) count += 1;
    expect(count).toBeGreaterThan(4);
    expect(writer.put(count, [new Uint8Array(recordBytesMax + 1)])).toBe(false);
    for (let number = 0; number < count; number += 1) expect(reader.take(number)).toEqual(large);
    expect(writer.put(count, [large])).toBe(true);
  });

  test('keeps a record until its number is asked for', () => {
    const memory = newRing();
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
    writer.put(7, [new Uint8Array([1])]);
    expect(reader.take(6)).toBeNull();
    expect(reader.take(7)).toEqual(new Uint8Array([1]));
  });
});

describe('a line', () => {
  test.each([
    ['while it waits for the other end', false],
    ['by what comes', true],
  ])('whose end is closed %s keeps nobody who had it', async (_when, isTold) => {
    const [one, other] = newLine();
    const known: WeakRef<object>[] = [];
    const from = new LineEnd<string, never>(one, { message: () => {}, bytes: () => {} });
    onTestFinished(() => from.close());
    const close = (): void => {
      const owner = { close: () => to.close() };
      const to = new LineEnd<never, string>(other, {
        message: () => owner.close(),
        bytes: () => {},
      });
      known.push(new WeakRef(owner));
      if (!isTold) setImmediate(() => owner.close());
    };
    close();
    await turn();
    if (isTold) from.post('closed');
    const isGone = () => {
      heapNow();
      return known.every((one) => one.deref() === undefined);
    };
    await expect.poll(isGone).toBe(true);
  });

  test('gives what went the short and the long way in one order', async () => {
    const [one, other] = newLine();
    const got: unknown[] = [];
    const from = new LineEnd<number, never>(one, { message: () => {}, bytes: () => {} });
    const to = new LineEnd<never, number>(other, {
      message: (message) => got.push(message),
      bytes: (bytes) => got.push([...bytes]),
    });
    onTestFinished(() => {
      from.close();
      to.close();
    });
    const sent: unknown[] = [];
    for (let n = 0; n < 1_000; n += 1) {
      const isShort = n % 3 !== 0 && from.put([new Uint8Array([n % 256])]);
      if (!isShort) from.post(n);
      sent.push(isShort ? [n % 256] : n);
    }
    while (got.length < sent.length) await turn();
    expect(got).toEqual(sent);
  });

  test('goes on behind what cannot be sent', async () => {
    const [one, other] = newLine();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const from = new LineEnd<unknown, never>(one, { message: () => {}, bytes: () => {} });
    const to = new LineEnd<never, unknown>(other, { message: resolve, bytes: () => {} });
    onTestFinished(() => {
      from.close();
      to.close();
    });
    expect(() => from.post(() => {})).toThrow('could not be cloned');
    from.post('next');
    expect(await promise).toBe('next');
  });

  test('wakes a reader that waits', async () => {
    const [one, other] = newLine();
    const { promise, resolve } = Promise.withResolvers<string>();
    const from = new LineEnd<string, never>(one, { message: () => {}, bytes: () => {} });
    const to = new LineEnd<never, string>(other, { message: resolve, bytes: () => {} });
    onTestFinished(() => {
      from.close();
      to.close();
    });
    for (let n = 0; n < 10; n += 1) await turn();
    from.post('wake');
    expect(await promise).toBe('wake');
  });
});
