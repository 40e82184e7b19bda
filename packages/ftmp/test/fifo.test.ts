import { queryObjects } from 'node:v8';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from '../src/fifo.ts';

test('what is pushed is taken once, in its order, however many are in it', () => {
  const steps = fc.array(fc.record({ push: fc.nat(3_000), take: fc.nat(3_000) }), { maxLength: 8 });
  fc.assert(
    fc.property(steps, (all) => {
      const fifo = new Fifo<{ readonly number: number }>();
      let pushed = 0;
      let taken = 0;
      for (const { push, take } of all) {
        for (const end = pushed + push; pushed < end; pushed += 1) fifo.push({ number: pushed });
        for (let n = 0; n < take && taken < pushed; n += 1, taken += 1) {
          if (fifo.shift()?.number !== taken) return false;
        }
        if (fifo.length !== pushed - taken) return false;
        if (taken === pushed && fifo.shift() !== undefined) return false;
      }
      return true;
    }),
    { numRuns: 50 },
  );
});

test('what was cleared is gone', () => {
  const fifo = new Fifo<object>();
  for (let n = 0; n < 3; n += 1) fifo.push({});
  fifo.clear();
  expect(fifo.length).toBe(0);
  expect(fifo.shift()).toBeUndefined();
});

class Marked {}

test('what was taken is not kept, though the queue is never empty', () => {
  const fifo = new Fifo<Marked>();
  for (let n = 0; n < 100; n += 1) {
    fifo.push(new Marked());
    fifo.push(new Marked());
    fifo.shift();
  }
  expect(fifo.length).toBe(100);
  expect(queryObjects(Marked)).toBe(100);
});
