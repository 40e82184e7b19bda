/** H3: whether the application's thread progresses is told by its counter, which has 32 bits. */
import { expect, onTestFinished, test } from 'vitest';
import { ProgressWatch } from '../../src/processor/progress-watch.ts';

const stalledMs = 500;

/** What is told at each look, until it is told that the application stands still; `count` counts for it. */
async function told(start: number, count: (progress: Int32Array, looks: number) => void) {
  const counter = new SharedArrayBuffer(4);
  const progress = new Int32Array(counter);
  progress[0] = start;
  const looks: { progress: number; isStalled: boolean }[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const watch = new ProgressWatch(counter, stalledMs, (seen, isStalled) => {
    looks.push({ progress: seen, isStalled });
    if (isStalled) resolve();
    count(progress, looks.length);
  });
  onTestFinished(() => watch.stop());
  await promise;
  return looks;
}

test.each([
  { what: '2^31', first: 2 ** 31 - 2 },
  { what: '2^32', first: 2 ** 32 - 2 },
])('an application whose counter goes on over $what progresses', async ({ first }) => {
  const counting = 5;
  const looks = await told(first | 0, (progress, seen) => {
    if (seen < counting) Atomics.add(progress, 0, 1);
  });
  const moving = looks.slice(0, counting);
  expect(moving.map(({ progress }) => progress)).toEqual(
    Array.from({ length: counting }, (_, n) => (first + n) % 2 ** 32),
  );
  expect(moving.map(({ isStalled }) => isStalled)).toEqual(moving.map(() => false));
  // It stands still then, and is told so.
  expect(looks.at(-1)).toEqual({ progress: (first + counting - 1) % 2 ** 32, isStalled: true });
});
