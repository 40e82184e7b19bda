import { expect, test } from 'vitest';
import { Random } from '../src/index.ts';

test('R1 the same seed gives the same values, another seed others', () => {
  const first = new Random(42);
  const again = new Random(42);
  const other = new Random(43);
  const values = Array.from({ length: 100 }, () => first.uint32());
  expect(Array.from({ length: 100 }, () => again.uint32())).toEqual(values);
  expect(Array.from({ length: 100 }, () => other.uint32())).not.toEqual(values);
});

test('R2 a fork does not depend on what its parent has drawn', () => {
  const early = new Random(7).fork('network');
  const parent = new Random(7);
  for (let draws = 0; draws < 50; draws += 1) parent.uint32();
  const late = parent.fork('network');
  expect(late.uint32()).toBe(early.uint32());
  expect(parent.fork('disk').uint32()).not.toBe(new Random(7).fork('network').uint32());
});

test('draws keep to their range and come out about as often as asked', () => {
  const random = new Random('ranges');
  const counts = new Map<string, number>();
  let sum = 0;
  for (let draw = 0; draw < 20_000; draw += 1) {
    const value = random.int(-2, 2);
    expect(value).toBeGreaterThanOrEqual(-2);
    expect(value).toBeLessThanOrEqual(2);
    const name = random.weighted({ rare: 1, often: 3, never: 0 });
    counts.set(name, (counts.get(name) ?? 0) + 1);
    sum += random.exponential(10);
  }
  expect(counts.has('never')).toBe(false);
  expect((counts.get('often') ?? 0) / (counts.get('rare') ?? 1)).toBeCloseTo(3, 0);
  expect(sum / 20_000).toBeGreaterThan(9.5);
  expect(sum / 20_000).toBeLessThan(10.5);
});

test('a shuffle loses nothing', () => {
  const items = Array.from({ length: 50 }, (_, index) => index);
  const shuffled = new Random(1).shuffle([...items]);
  expect(shuffled).not.toEqual(items);
  expect(shuffled.sort((one, other) => one - other)).toEqual(items);
});
