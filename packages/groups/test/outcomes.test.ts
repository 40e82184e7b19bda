import { Reader, Writer } from '@choir/bytes';
import { localId } from '@choir/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Outcome, Outcomes } from '../src/outcomes.ts';
import { outcomesCodec } from '../src/outcomes-codec.ts';

const results: readonly Outcome['result'][] = [
  { kind: 'ok' },
  { kind: 'ok' },
  { kind: 'waiting', holders: [] },
  { kind: 'refused', code: 'LOCKED', message: 'locked', holders: [] },
];

function outcome(id: number, which: number): Outcome {
  const result = results[which % results.length] ?? { kind: 'ok' };
  return { localId: localId(id), at: { epoch: 1, seq: 10 * id }, checksum: id * 7, result };
}

const step = fc.oneof(
  fc.record({
    kind: fc.constant('push' as const),
    which: fc.nat(3),
    gap: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ kind: fc.constant('forget' as const) }),
  fc.record({ kind: fc.constant('replace' as const), index: fc.nat(100), which: fc.nat(3) }),
);

test('the ring holds what a plain list would hold, also after a snapshot', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const outcomes = new Outcomes();
      const plain: Outcome[] = [];
      let last = 0;
      for (const each of steps) {
        if (each.kind === 'push') {
          last += each.gap;
          outcomes.push(outcome(last, each.which));
          plain.push(outcome(last, each.which));
        } else if (each.kind === 'forget') {
          outcomes.forgetOldest();
          const oldest = plain.findIndex(({ result }) => result.kind !== 'waiting');
          if (oldest !== -1) plain.splice(oldest, 1);
        } else if (plain.length > 0) {
          const index = each.index % plain.length;
          const { result } = outcome(1, each.which);
          const at = { epoch: 2, seq: 5_000 };
          outcomes.replace(index, at, result);
          plain[index] = { ...(plain[index] as Outcome), at, result };
        }
      }
      expect(all(outcomes)).toEqual(plain);
      expect(all(throughBytes(outcomes))).toEqual(plain);
      for (const [index, { localId: id }] of plain.entries()) expect(outcomes.find(id)).toBe(index);
      expect(outcomes.find(localId(last + 1))).toBe(-1);
    }),
  );
});

function all(outcomes: Outcomes): readonly Outcome[] {
  return Array.from({ length: outcomes.count }, (_, index) => outcomes.at(index));
}

function throughBytes(outcomes: Outcomes): Outcomes {
  const writer = new Writer();
  outcomesCodec.write(writer, outcomes);
  return outcomesCodec.read(new Reader(writer.take()));
}
