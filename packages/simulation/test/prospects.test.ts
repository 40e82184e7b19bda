/** When the operator of the simulated groups gives one up. */
import { groupId, type ProcessorId, processorId, type View } from '@choir/ftmp';
import { describe, expect, test } from 'vitest';
import { Prospects } from '../src/processors/prospects.ts';

const group = groupId(1);
const [a, b, c, d] = [1, 2, 3, 4].map((number) => processorId(number, 7)) as [
  ProcessorId,
  ProcessorId,
  ProcessorId,
  ProcessorId,
];

function view(...members: ProcessorId[]): View {
  return {
    id: { timestamp: members.length, processor: a },
    members,
    cause: 'first',
    transitional: [],
  };
}

function prospects(newest: View): Prospects {
  const one = new Prospects();
  one.installed(newest);
  return one;
}

describe('a group is lost for ever', () => {
  test('when nobody who lives was ever given a view', () => {
    expect(new Prospects().isLost(new Set([a]), [])).toBe(true);
  });

  test('when the living are no quorum of the newest view', () => {
    expect(prospects(view(a, b, c)).isLost(new Set([a]), [a])).toBe(true);
    expect(prospects(view(a, b, c)).isLost(new Set([b, c]), [b, c])).toBe(false);
    expect(prospects(view(a, b)).isLost(new Set([a]), [a])).toBe(false);
    expect(prospects(view(a, b)).isLost(new Set([b]), [b])).toBe(true);
    expect(prospects(view(a, b)).isLostInDoubt(new Set([b]), [b])).toBe(false);
  });

  test('when all of its members say that they wait for a view of which too many are dead', () => {
    const one = prospects(view(a, b));
    one.saw(a, { kind: 'short', group, members: [a], view: [a, b, c] });
    expect(one.isLost(new Set([a]), [a])).toBe(true);
    expect(one.isLostInDoubt(new Set([a]), [a])).toBe(true);
    expect(one.isLost(new Set([a, c]), [a])).toBe(false);
  });

  test('but not while a member lives that they have not heard: it may know better', () => {
    const one = prospects(view(a, b));
    one.saw(a, { kind: 'short', group, members: [a], view: [a, c, d] });
    expect(one.isLost(new Set([a, b]), [a, b])).toBe(false);
  });

  test('nor when they have gone on since', () => {
    const one = prospects(view(a, b));
    one.saw(a, { kind: 'short', group, members: [a], view: [a, b, c] });
    one.saw(a, { kind: 'proposed', group, round: 2, members: [a, c] });
    expect(one.isLost(new Set([a]), [a])).toBe(false);
  });
});
