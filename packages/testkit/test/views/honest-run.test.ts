import { expect, test } from 'vitest';
import { ViewsJudge, type ViewsRecord } from '../../src/views/index.ts';
import { HonestRun } from './honest-run.ts';

function judge(records: readonly ViewsRecord[]) {
  const judge = new ViewsJudge({ returnMsMax: 10_000 });
  for (const record of records) judge.see(record);
  return judge.finish();
}

const seeds = Array.from({ length: 100 }, (_, seed) => seed);

test('no checker objects to honest runs', () => {
  const kinds = new Map<string, number>();
  for (const seed of seeds) {
    const { records } = new HonestRun(seed, 2_000).story;
    expect(judge(records), `seed ${seed}`).toEqual([]);
    for (const { kind } of records) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  // The runs hold what they are meant to hold.
  for (const kind of ['crashed', 'excluded', 'left', 'released', 'acked'] as const) {
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(50);
  }
});

test('two groups of the same processes are judged apart', () => {
  const { records } = new HonestRun(1, 2_000).story;
  const doubled: readonly ViewsRecord[] = records.flatMap((record): ViewsRecord[] =>
    'group' in record ? [record, { ...record, group: 8 }] : [record],
  );
  expect(judge(doubled)).toEqual([]);
});

test('a delivery that is dropped from an honest run is missed', () => {
  for (const seed of seeds.slice(0, 20)) {
    const { records } = new HonestRun(seed, 2_000).story;
    const survivors = new Set(
      records.filter(({ kind }) => kind === 'buffered').map(({ node }) => node),
    );
    const places = [...records.keys()].filter((index) => {
      const record = records[index] as ViewsRecord;
      return record.kind === 'delivered' && survivors.has(record.node);
    });
    const place = places[(seed * 7919) % places.length] as number;
    const found = judge(records.toSpliced(place, 1));
    expect(found, `seed ${seed}, record ${place}`).not.toEqual([]);
  }
});
