/** R4: retransmission requests, made and answered, are bounded in range and rate; what is left out of an answer is counted. */
import { describe, expect, test } from 'vitest';
import { counterMax, processorId } from '../../src/index.ts';
import type { Held } from '../../src/rmp/held.ts';
import { type RangeRequest, Rmp, type RmpOptions } from '../../src/rmp/rmp.ts';
import { defaultSettings } from '../../src/stack/options.ts';

const source = processorId(1, 7);
const asker = processorId(2, 7);
const atOnce = { kind: 'source' } as const;

function rmp(options: Partial<RmpOptions> = {}): Rmp {
  return new Rmp({ ...defaultSettings, random: () => 0.5, fansOut: false, ...options });
}

function message(sequence: number): Held {
  const body = { type: 'regular', parts: [] } as const;
  const counters = { sequence, timestamp: sequence, ack: 0 };
  return { source, ...counters, safe: false, body, bytes: new Uint8Array(1) };
}

/** Messages 1 … `count` of the source are held. */
function holder(count: number, options: Partial<RmpOptions> = {}): Rmp {
  const holding = rmp(options);
  const stream = holding.open(source, 0);
  for (let sequence = 1; sequence <= count; sequence += 1) {
    holding.take(stream, message(sequence), { now: 0, again: false });
    stream.next();
  }
  return holding;
}

function answered(holding: Rmp, now: number, range: Omit<RangeRequest, 'source'>): number[] {
  holding.requested(asker, { source, ...range }, atOnce, now);
  return holding.retransmissions(now).map(({ held }) => held.sequence);
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, at) => at + 1);
}

describe('a request', () => {
  /** The source has sent this much, of which these have come. @returns the ranges that are asked for first */
  function asked(sent: number, come: readonly number[], rangeMax?: number): [number, number][] {
    const asking = rmp(rangeMax === undefined ? {} : { rangeMax });
    const stream = asking.open(source, 0);
    for (const sequence of come) asking.take(stream, message(sequence), { now: 0, again: false });
    asking.exists(stream, sent, 0);
    return asking.requests(asking.due).map(({ start, stop }) => [start, stop]);
  }

  test('asks for 128 messages at most, the first that are missing', () => {
    expect(asked(128, [])).toEqual([[1, 128]]);
    expect(asked(4_000, [])).toEqual([[1, 128]]);
  });

  test('asks for as many as is set', () => {
    expect(asked(4_000, [], 7)).toEqual([[1, 7]]);
    expect(asked(20, [10], 7)).toEqual([
      [1, 7],
      [11, 17],
    ]);
  });

  test('comes for eight gaps at one time', () => {
    const every = Array.from({ length: 20 }, (_, at) => 2 * (at + 1));
    expect(asked(40, every)).toEqual([1, 3, 5, 7, 9, 11, 13, 15].map((gap) => [gap, gap]));
  });
});

describe('the range of an answer', () => {
  test('is 128 messages of one request, the first of it; that there were more is counted once', () => {
    const holding = holder(1_000);
    expect(answered(holding, 0, { start: 1, stop: 128 })).toEqual(upTo(128));
    expect(holding.capped).toBe(0);
    expect(answered(holding, 1_000, { start: 1, stop: 1_000 })).toEqual(upTo(128));
    expect(holding.capped).toBe(1);
  });

  test('is what is set', () => {
    const holding = holder(1_000, { rangeMax: 7 });
    expect(answered(holding, 0, { start: 3, stop: 1_000 })).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(holding.capped).toBe(1);
  });

  test('is within what exists: of 2^52 messages no more is looked at', () => {
    const holding = holder(5);
    expect(answered(holding, 0, { start: 0, stop: counterMax })).toEqual(upTo(5));
    expect(answered(holding, 0, { start: 6, stop: counterMax })).toEqual([]);
    expect(holding.capped).toBe(0);
  });
});

describe('the rate of answers', () => {
  /** Ten at once, and one in ten milliseconds. */
  const perSecond = 100;

  test('is a tenth of a second at once; each message beyond is left out, and counted', () => {
    const holding = holder(100, { perSecond });
    expect(answered(holding, 0, { start: 1, stop: 25 })).toEqual(upTo(10));
    expect(holding.capped).toBe(15);
  });

  test('is what is set in the long run, whatever is asked for', () => {
    const holding = holder(100, { perSecond, repeatMs: 1, repeatMaxMs: 1 });
    let sent = 0;
    for (let now = 0; now < 10_000; now += 5) {
      sent += answered(holding, now, { start: 1, stop: 100 }).length;
    }
    expect(sent).toBeGreaterThanOrEqual(10 * perSecond);
    expect(sent).toBeLessThanOrEqual(10 * perSecond + perSecond / 10);
  });

  test('is not saved up while nothing is asked for', () => {
    const holding = holder(100, { perSecond });
    expect(answered(holding, 60_000, { start: 1, stop: 25 })).toHaveLength(10);
  });

  test('is of each who asks by itself where answers go to who asks', () => {
    const holding = holder(100, { perSecond, fansOut: true });
    expect(answered(holding, 0, { start: 1, stop: 25 })).toHaveLength(10);
    holding.requested(processorId(3, 7), { source, start: 1, stop: 25 }, atOnce, 0);
    expect(holding.retransmissions(0)).toHaveLength(10);
    expect(holding.capped).toBe(30);
  });

  test('stays counted when who asked is gone', () => {
    const holding = holder(100, { perSecond, fansOut: true });
    answered(holding, 0, { start: 1, stop: 25 });
    holding.close(asker);
    expect(holding.capped).toBe(15);
  });
});

test('what waits to be answered is bounded: 4,096 messages, and what is beyond is counted', () => {
  const holding = holder(6_000, { rangeMax: 6_000, perSecond: 100_000, reach: 10_000 });
  expect(answered(holding, 0, { start: 1, stop: 6_000 })).toEqual(upTo(4_096));
  expect(holding.capped).toBe(1);
});
