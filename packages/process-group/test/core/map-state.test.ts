/** The room of a map (B1): it is used up at one place in the order, at all members alike. */
import { expect, test } from 'vitest';
import { MapState, mapBytesMax, stateBytesMax } from '../../src/core/index.ts';

const set = (key: string, bytes: number) =>
  ({ kind: 'set', number: 1, key, value: new Uint8Array(bytes) }) as const;
const refused = (why: string) => expect.objectContaining({ applied: false, why });
const applied = expect.objectContaining({ applied: true });

test('B1 what a map has no room for changes nothing, and what was there stays', () => {
  const map = new MapState(1_000);
  expect(map.apply(set('a', 600))).toEqual(applied);
  expect(map.apply(set('b', 300))).toEqual(refused('full'));
  expect(map.apply(set('a', 1_000))).toEqual(refused('full'));
  expect(map.apply({ ...set('a', 1_000), kind: 'set-if', version: 1 })).toEqual(refused('full'));
  expect(map.entries).toEqual(new Map([['a', { value: new Uint8Array(600), version: 1 }]]));
  expect(map.apply(set('a', 800))).toEqual({
    applied: true,
    entry: expect.objectContaining({ version: 2 }),
  });
});

test('B1 there is room again for what was deleted, or became shorter', () => {
  const map = new MapState(1_000);
  for (let n = 0; n < 10; n += 1) {
    expect(map.apply(set('a', 900))).toEqual(applied);
    expect(map.apply(set('b', 100))).toEqual(refused('full'));
    expect(map.apply(set('a', 10))).toEqual(applied);
    expect(map.apply(set('b', 100))).toEqual(applied);
    for (const key of ['a', 'b']) map.apply({ kind: 'delete', number: 1, key });
  }
  expect(map.apply({ kind: 'delete', number: 1, key: 'a' })).toEqual(refused('no entry'));
});

test('B1 a member that was given the map has as much room as the others', () => {
  const [map, copy] = [new MapState(1_000), new MapState(1_000)];
  map.apply(set('gone', 500));
  map.apply({ kind: 'delete', number: 1, key: 'gone' });
  map.apply(set('\u00e9', 700));
  copy.apply(set('of before', 900));
  copy.restore([...map.snapshot()]);
  for (const bytes of [500, 200, 100, 60, 30, 20, 10, 0]) {
    expect(copy.apply(set('b', bytes))).toEqual(map.apply(set('b', bytes)));
  }
  expect(copy.entries).toEqual(map.entries);
});

test('B1 a map with more than fits may become smaller step by step', () => {
  const [large, small] = [new MapState(), new MapState(1_000)];
  large.apply(set('a', 5_000));
  small.restore([...large.snapshot()]);
  expect(small.apply(set('a', 4_000))).toEqual(applied);
  expect(small.apply(set('a', 4_001))).toEqual(refused('full'));
  expect(small.apply(set('a', 100))).toEqual(applied);
});

test('T3 a joiner takes a map that is full', () => {
  expect(mapBytesMax).toBeLessThan(stateBytesMax);
});
