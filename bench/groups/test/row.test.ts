import { describe, expect, test } from 'vitest';
import { median, rowsOf, tableOf } from '../src/row.ts';
import type { Work } from '../src/work.ts';

const work: Work = {
  name: 'race',
  summary: 'a race',
  metrics: [
    { name: 'rate', unit: '1/s', better: 'more', target: { bound: 'at least', value: 100 } },
    { name: 'time', unit: 'ms', better: 'less', ratioTarget: 1 },
  ],
  peers: ['ws', 'nats'],
  measure: () => Promise.reject(new Error('not in this test')),
};

function values(rate: number, time: number): ReadonlyMap<string, number> {
  return new Map([
    ['rate', rate],
    ['time', time],
  ]);
}

const runs = new Map([
  ['choir' as const, [values(90, 2), values(120, 4), values(100, 3)]],
  ['ws' as const, [values(50, 6), values(50, 6), values(50, 6)]],
]);

describe('rows', () => {
  test('a ratio above 1 means that ours is better, for more and for less', () => {
    expect(rowsOf(work, runs).map(({ ratio }) => ratio)).toEqual([2, 2]);
  });

  test('figures are medians, and every run is shown', () => {
    const [rate] = rowsOf(work, runs);
    expect(rate).toMatchObject({ ours: 100, peer: 50, runs: { ours: [90, 120, 100] } });
    expect(median([1, 2, 3, 10])).toBe(2.5);
  });

  test('a target is of our own figure, or of the ratio', () => {
    expect(rowsOf(work, runs)).toMatchObject([
      { target: '≥ 100', holds: true },
      { target: 'ratio ≥ 1', holds: true },
    ]);
  });

  test('a work without a peer that took part still has its rows', () => {
    const alone = new Map([['choir' as const, [values(90, 2)]]]);
    expect(rowsOf(work, alone)).toMatchObject([
      { against: null, peer: null, ratio: null, holds: false },
      { against: null, holds: null },
    ]);
  });

  test('a peer that was measured alone has rows, which hold and miss nothing', () => {
    const peerAlone = new Map([['ws', [values(50, 6)]]]);
    expect(rowsOf(work, peerAlone)).toMatchObject([
      { ours: null, peer: 50, ratio: null, holds: null },
      { ours: null, peer: 6, ratio: null, holds: null },
    ]);
  });

  test('a miss is called a miss', () => {
    const alone = new Map([['choir' as const, [values(90, 2)]]]);
    expect(tableOf(rowsOf(work, alone))).toContain('MISSED');
  });
});
