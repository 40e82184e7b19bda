import { expect, test } from 'vitest';
import { type Outcome, Tally } from '../src/index.ts';

function outcome(seed: number, more: Partial<Outcome> = {}): Outcome {
  const plain = { hash: '', violations: [], counts: true, entries: seed, operations: 1, seen: [] };
  return { seed, ...plain, ...more };
}

test('the distribution is over all seeds', () => {
  const tally = new Tally();
  for (let seed = 1; seed <= 101; seed += 1) tally.add(outcome(seed));
  expect(tally.entries).toEqual({ min: 1, p10: 11, median: 51, p90: 91, max: 101 });
});

test('what was expected in a twentieth of the seeds and was rarer is missing', () => {
  const tally = new Tally();
  for (let seed = 0; seed < 200; seed += 1) {
    tally.add(
      outcome(seed, { seen: [seed < 9 ? 'rare' : 'common', ...(seed < 10 ? ['just'] : [])] }),
    );
  }
  expect(tally.missing(['rare', 'just', 'common', 'never'])).toEqual([
    'never (0.0 %)',
    'rare (4.5 %)',
  ]);
});

test('a few seeds say nothing about shares', () => {
  const tally = new Tally();
  tally.add(outcome(1));
  expect(tally.missing(['never'])).toEqual([]);
});

test('failed seeds are told in their order, whatever the order of the answers', () => {
  const tally = new Tally();
  const violations = [{ property: 'C1', text: '' }];
  for (const seed of [3, 1, 2]) tally.add(outcome(seed, seed === 2 ? {} : { violations }));
  expect(tally.failed.map(({ seed }) => seed)).toEqual([1, 3]);
});
