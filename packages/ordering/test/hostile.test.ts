import { Random } from '@choir/testkit';
import { expect, test } from 'vitest';
import { conformance } from '../src/conformance/index.ts';
import { HostileSubject } from './hostile-subject.ts';
import { play } from './performing.ts';

function runWhatever(seed: number): { subject: HostileSubject; results: Map<string, number> } {
  const random = new Random(seed);
  const results = new Map<string, number>();
  const count = (what: string) => results.set(what, (results.get(what) ?? 0) + 1);
  class Watched extends HostileSubject {
    override life(node: string) {
      const life = super.life(node);
      if (life === null) return null;
      const { ordering } = life;
      return {
        ...life,
        ordering: {
          submit: (n: number, bytes: Uint8Array) => {
            const result = ordering.submit(n, bytes);
            count(result);
            return result;
          },
          read: (...range: Parameters<typeof ordering.read>) => {
            const result = ordering.read(...range);
            count(result.kind);
            return result;
          },
          status: () => ordering.status(),
          keep: (...kept: Parameters<typeof ordering.keep>) => ordering.keep(...kept),
          snapshot: () => ordering.snapshot(),
        },
      };
    }
  }
  const subject = new Watched(random);
  const whatever = conformance.at(-1);
  if (whatever !== undefined) play(whatever, subject, random);
  return { subject, results };
}

test('the same seed gives the same log', () => {
  const logOf = (seed: number) => runWhatever(seed).subject.cluster.log();
  expect(logOf(3)).toEqual(logOf(3));
  expect(logOf(3)).not.toEqual(logOf(4));
});

test('it does everything that the contract allows', () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 40; seed += 1) {
    const { subject, results } = runWhatever(seed);
    for (const what of results.keys()) seen.add(what);
    const log = subject.cluster.log();
    const queued = results.get('queued') ?? 0;
    if (log.filter(({ kind }) => kind === 'entry').length < queued)
      seen.add('doubt that ended in never');
    for (const [index, ordered] of log.entries()) {
      if (ordered.previous.seq + 1 < ordered.at.seq) seen.add('hole');
      if (ordered.time === log[index - 1]?.time) seen.add('equal times');
      if (ordered.kind === 'members' && ordered.gone.length > 0) seen.add('gone');
      const before = log[index - 1];
      if (
        ordered.kind === 'entry' &&
        before?.kind === 'entry' &&
        before.source !== ordered.source
      ) {
        seen.add('sources alternate');
      }
    }
    if (subject.cluster.covered.seq > 0) seen.add('snapshots of a quorum');
  }
  expect([...seen].sort()).toEqual(
    [
      'closed',
      'doubt that ended in never',
      'entries',
      'equal times',
      'full',
      'gap',
      'gone',
      'hole',
      'queued',
      'snapshots of a quorum',
      'sources alternate',
      'wait',
    ].sort(),
  );
});
