import { Random, type Scheduler, SimulatedJournal } from '@choir/testkit';
import { expect, test } from 'vitest';
import { conformance, type Rule } from '../src/conformance/index.ts';
import { LocalSubject } from './local-subject.ts';
import { type Performer, play } from './performing.ts';
import { falsified, TamperedSubject } from './tampered.ts';

const seedsMax = 100;

/** The first seed under which the suite finds a violation of `rule`; undefined if none does. */
function firstCatch(rule: Rule, make: (random: Random) => Performer): number | undefined {
  for (let seed = 1; seed <= seedsMax; seed += 1) {
    for (const each of conformance.filter(({ isLong }) => !isLong || seed === 1)) {
      const random = new Random(seed);
      const found = play(each, make(random), random);
      if (found.some((violation) => violation.rule === rule)) return seed;
    }
  }
  return undefined;
}

test.each(falsified.map((each) => [each.rule, each.what, each] as const))(
  '%s is seen to break when %s',
  (rule, _what, each) => {
    const seed = firstCatch(rule, (random) => new TamperedSubject(random, each));
    expect(seed, `no seed up to ${seedsMax}`).toBeDefined();
  },
);

/** Says `committed` before anything is synced, and swallows the true answer. */
class LyingJournal extends SimulatedJournal {
  readonly #lie: () => void;

  constructor(...made: [...ConstructorParameters<typeof SimulatedJournal>, Scheduler]) {
    const [disk, owner, scheduler] = made;
    super(disk, {
      opened: (opening) => owner.opened(opening),
      reply: (reply) => {
        if (reply.kind !== 'committed') owner.reply(reply);
      },
    });
    this.#lie = () => scheduler.after(0, () => owner.reply({ kind: 'committed', head: 0 }));
  }

  override request(...[request]: Parameters<SimulatedJournal['request']>): void {
    super.request(request);
    if (request.kind === 'commit') this.#lie();
  }
}

test('O1 is seen to break when the journal acknowledges before its sync', () => {
  const seed = firstCatch('O1', (random) => {
    const subject: LocalSubject = new LocalSubject(random, {
      faults: 0,
      makeJournal: (disk, owner) => new LyingJournal(disk, owner, subject.scheduler),
    });
    return subject;
  });
  expect(seed, `no seed up to ${seedsMax}`).toBeDefined();
});
