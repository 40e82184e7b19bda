import { expect, test } from 'vitest';
import { ProcessClock, Random, Scheduler } from '../src/index.ts';

test('V1 alarms go off in the order of their times, equal times in the order of setting', () => {
  const random = new Random('V1');
  const scheduler = new Scheduler();
  const set: { time: number; turn: number }[] = [];
  const went: { time: number; turn: number }[] = [];
  for (let turn = 0; turn < 2_000; turn += 1) {
    const time = random.int(0, 300) / 2;
    set.push({ time, turn });
    scheduler.at(time, (what) => went.push({ time: scheduler.now, turn: what }), turn);
  }
  scheduler.run(1_000);
  set.sort((one, other) => one.time - other.time || one.turn - other.turn);
  expect(went).toEqual(set);
  expect(scheduler.now).toBe(1_000);
});

test('V2 an alarm set for the past goes off now', () => {
  const scheduler = new Scheduler();
  const times: number[] = [];
  scheduler.at(10, () => scheduler.at(3, () => times.push(scheduler.now)));
  scheduler.run(20);
  expect(times).toEqual([10]);
});

test('V3 a cancelled alarm never goes off, and the others are not disturbed', () => {
  const random = new Random('V3');
  const scheduler = new Scheduler();
  const went = new Set<number>();
  const alarms = Array.from({ length: 1_000 }, (_, what) =>
    scheduler.at(random.int(0, 50), () => went.add(what)),
  );
  const cancelled = new Set(alarms.map((_, what) => what).filter(() => random.chance(0.5)));
  let last = -1;
  for (const what of cancelled) scheduler.cancel(alarms[what]);
  for (const what of cancelled) scheduler.cancel(alarms[what]);
  scheduler.at(25, () => {
    last = scheduler.now;
  });
  scheduler.run(100);
  expect(last).toBe(25);
  expect(went.size).toBe(1_000 - cancelled.size);
  for (const what of cancelled) expect(went.has(what)).toBe(false);
  expect(scheduler.pending).toBe(0);
});

test('W1 the monotonic clock follows its rate and ignores jumps of the wall clock', () => {
  const scheduler = new Scheduler();
  const clock = new ProcessClock(scheduler, { startMs: 1_000_000, driftPpm: 100 });
  scheduler.run(10_000);
  expect(clock.monotonic()).toBeCloseTo(10_001, 6);
  expect(clock.wall()).toBe(1_010_001);
  clock.jump(-3_600_000);
  clock.setDrift(-100);
  scheduler.run(20_000);
  expect(clock.monotonic()).toBeCloseTo(20_000, 6);
  expect(clock.wall()).toBeLessThan(1_000_000);
});
