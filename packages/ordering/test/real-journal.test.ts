import { Random } from '@choir/testkit';
import { expect, test } from 'vitest';
import { type ConformanceCase, conformance, type Violation } from '../src/conformance/index.ts';
import { RealSubject } from './real-subject.ts';

const seeds = 1;

async function play({ run }: ConformanceCase, seed: number): Promise<readonly Violation[]> {
  const random = new Random(seed);
  const subject = await RealSubject.make(random);
  const script = run(subject, random.fork('script'));
  try {
    for (;;) {
      const next = script.next();
      if (next.done === true) return next.value;
      await subject.perform(next.value);
    }
  } finally {
    await subject.remove();
  }
}

test.each(conformance.map((each) => [each.name, each] as const))(
  'on the real journal: %s',
  { timeout: 60_000 },
  async (_name, each) => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      expect(await play(each, seed), `seed ${seed}`).toEqual([]);
    }
  },
);
