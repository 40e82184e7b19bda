import { Random } from '@choir/testkit';
import { describe, expect, test } from 'vitest';
import { conformance } from '../src/conformance/index.ts';
import { HostileSubject } from './hostile-subject.ts';
import { LocalSubject } from './local-subject.ts';
import { type Performer, play } from './performing.ts';

const seeds = 200;

const subjects: readonly [string, (random: Random) => Performer][] = [
  ['local ordering on a simulated journal', (random) => new LocalSubject(random)],
  ['hostile ordering', (random) => new HostileSubject(random)],
];

describe.each(subjects)('%s', (_, make) => {
  test.each(conformance.map((each) => [each.name, each] as const))('%s', (_name, each) => {
    const last = each.isLong ? seeds / 100 : seeds;
    for (let seed = 1; seed <= last; seed += 1) {
      const random = new Random(seed);
      expect(play(each, make(random), random), `seed ${seed}`).toEqual([]);
    }
  });
});
