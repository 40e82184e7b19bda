/** Which Joins of a processor a member has confirmed, as the sponsor sees it (Z2). */
import { describe, expect, test } from 'vitest';
import { processorId } from '../../src/index.ts';
import { Joins } from '../../src/stack/joins.ts';

const [joiner, member] = [processorId(4, 7), processorId(2, 7)];
const configuration = { timestamp: 1, processor: processorId(1, 7) };
const next = { timestamp: 900, processor: processorId(1, 7) };

/** One Join, with timestamp 3, that came at 0 and was confirmed by a heartbeat with timestamp 50. */
function confirmed(): Joins {
  const joins = new Joins(600);
  joins.came(3, 0);
  joins.confirmed(member, { processor: joiner, timestamp: 3 }, { at: 50, configuration });
  return joins;
}

describe('a member has confirmed a Join', () => {
  test('for as long as that Join counts, also when a copy of it comes', () => {
    const joins = confirmed();
    joins.came(3, 400);
    expect(joins.isConfirmed(member, { probe: 0, configuration, now: 599 })).toBe(true);
    expect(joins.isConfirmed(member, { probe: 0, configuration, now: 600 })).toBe(false);
    expect(joins.isAsking(999)).toBe(true);
  });

  test('when it has come before the Join itself', () => {
    const joins = new Joins(600);
    joins.came(3, 0);
    joins.confirmed(member, { processor: joiner, timestamp: 4 }, { at: 50, configuration });
    expect(joins.isConfirmed(member, { probe: 0, configuration, now: 10 })).toBe(false);
    joins.came(4, 20);
    expect(joins.isConfirmed(member, { probe: 0, configuration, now: 20 })).toBe(true);
  });

  test('only behind every probe of its that was confirmed', () => {
    const joins = confirmed();
    expect(joins.isConfirmed(member, { probe: 49, configuration, now: 0 })).toBe(true);
    expect(joins.isConfirmed(member, { probe: 50, configuration, now: 0 })).toBe(false);
    // A heartbeat that was sent earlier comes later.
    joins.confirmed(member, { processor: joiner, timestamp: 3 }, { at: 40, configuration });
    expect(joins.isConfirmed(member, { probe: 49, configuration, now: 0 })).toBe(true);
  });

  test('only in the configuration in which it did', () => {
    const joins = confirmed();
    expect(joins.isConfirmed(member, { probe: 0, configuration: next, now: 0 })).toBe(false);
    const other = processorId(3, 7);
    joins.confirmed(other, { processor: joiner, timestamp: 3 }, { at: 60, configuration: next });
    expect(joins.isConfirmed(other, { probe: 0, configuration: next, now: 0 })).toBe(true);
    expect(joins.isConfirmed(member, { probe: 0, configuration: next, now: 0 })).toBe(false);
  });
});

test('the last eight Joins are remembered', () => {
  const joins = confirmed();
  for (let timestamp = 4; timestamp <= 10; timestamp += 1) joins.came(timestamp, 0);
  expect(joins.isConfirmed(member, { probe: 0, configuration, now: 0 })).toBe(true);
  joins.came(11, 0);
  expect(joins.isConfirmed(member, { probe: 0, configuration, now: 0 })).toBe(false);
});
