/** The counters of a ring have 32 bits, and are taken as signed ones: they wrap around twice on their way. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { LineEnd, newLine } from '../../src/line/line.ts';
import { newRing, RingReader, RingWriter, recordBytesMax } from '../../src/line/ring.ts';

/** The words of a ring's counters, as its layout says: each on a cache line of its own. */
const [written, read, bell] = [0, 16, 32];
/** Some records before a counter wraps around: at the greatest number with a sign, and at the greatest without. */
const before = 4_096;
const ends = [
  { what: '2^31', start: (2 ** 31 - before) | 0 },
  { what: '2^32', start: (2 ** 32 - before) | 0 },
];

/** As a ring is of which so many bytes were written and read. */
function startAt(memory: SharedArrayBuffer, start: number, rung = start): SharedArrayBuffer {
  const control = new Int32Array(memory, 0, bell + 1);
  for (const word of [written, read]) control[word] = start;
  control[bell] = rung;
  return memory;
}

/** How many of the largest records have room, and how many when all of them were taken. */
function rooms(start: number): readonly number[] {
  const memory = startAt(newRing(), start);
  const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
  const record = new Uint8Array(recordBytesMax);
  return [0, 1].map(() => {
    let [put, taken] = [0, 0];
    while (put < 100 && writer.put(put, [record])) put += 1;
    while (reader.take(taken) !== null) taken += 1;
    expect(taken).toBe(put);
    return put;
  });
}

describe.each(ends)('a ring whose counters come to $what', ({ start }) => {
  test('gives records whole, in order', () => {
    const memory = startAt(newRing(), start);
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
    for (let number = 0; number < 1_000; number += 1) {
      const record = new Uint8Array((number * 37) % 301).fill(number);
      expect(writer.put(number, [record])).toBe(true);
      expect(reader.take(number)).toEqual(record);
    }
    expect(reader.take(1_000)).toBeNull();
  });

  test('has the room that it has at any time, before and behind that', () => {
    // At the same place of its memory, which says how much is skipped at the end of that.
    expect(rooms(start)).toEqual(rooms(start & 0xff_ff_ff));
  });

  test('takes numbers of records that wrap around with them', () => {
    const memory = startAt(newRing(), start);
    const [writer, reader] = [new RingWriter(memory), new RingReader(memory)];
    let number = start;
    for (let n = 0; n < 2 * before; n += 1) {
      const next = number + 1;
      number = next | 0;
      expect(writer.put(number, [])).toBe(true);
      // The reader counts up from the last number without cutting it off.
      expect(reader.take(next)).toEqual(new Uint8Array(0));
    }
  });
});

test.each(ends)(
  'a line whose rings come to $what wakes its reader each time',
  async ({ start }) => {
    const [one, other] = newLine();
    for (const memory of [one.out, one.into]) startAt(memory, start, (start + before - 20) | 0);
    const answers: number[] = [];
    let answered = Promise.withResolvers<void>();
    const here = new LineEnd<number, number>(one, {
      message: (message) => {
        answers.push(message);
        answered.resolve();
      },
      bytes: () => {},
    });
    const there = new LineEnd<number, number>(other, {
      message: (message) => there.post(message),
      bytes: (bytes) => there.post(bytes.length),
    });
    onTestFinished(() => {
      here.close();
      there.close();
    });
    // Each waits for the answer to the one before, so that both ends wait in between.
    for (let n = 0; n < 100; n += 1) {
      answered = Promise.withResolvers();
      if (n % 2 === 0) here.post(n);
      else expect(here.put([new Uint8Array(n)])).toBe(true);
      await answered.promise;
    }
    expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => n));
  },
);
