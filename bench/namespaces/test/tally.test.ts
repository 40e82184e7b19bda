import { describe, expect, test } from 'vitest';
import { checkAgreement, type Report, readReport } from '../src/load.ts';
import { headBytes, writeHead } from '../src/message-head.ts';
import { Tally } from '../src/tally.ts';

function message(isLast = false): DataView {
  const made = new DataView(new ArrayBuffer(headBytes));
  writeHead(made, isLast);
  return made;
}

function reportOf(messages: readonly (readonly [number, DataView])[]): Report {
  const tally = new Tally();
  for (const [sender, sent] of messages) tally.deliver(sender, sent);
  return tally.report(messages.length);
}

describe('a tally', () => {
  test('counts what came, and how long it took', () => {
    const before = performance.now();
    const messages = Array.from({ length: 100_000 }, () => [1, message()] as const);
    const { delivered, perSecond, p50Ms, p99Ms } = reportOf(messages);
    const longestMs = performance.now() - before;
    expect(delivered).toBe(100_000);
    expect(perSecond).toBeGreaterThan(100_000 / (longestMs / 1_000));
    expect(p50Ms).toBeGreaterThan(0);
    expect(p99Ms).toBeGreaterThanOrEqual(p50Ms);
    expect(p99Ms).toBeLessThan(longestMs);
  });

  test('is read by the benchmark as any other report', () => {
    const report = reportOf([
      [1, message()],
      [2, message()],
    ]);
    expect(readReport(JSON.stringify(report))).toEqual(report);
  });

  test('has one hash for one order, and another for any other', () => {
    const [a, b, c] = [message(), message(), message()];
    const order = (...messages: [number, DataView][]) => reportOf(messages).order;
    expect(order([1, a], [2, b], [1, c])).toBe(order([1, a], [2, b], [1, c]));
    const others = [
      order([2, b], [1, a], [1, c]),
      order([1, a], [1, c], [2, b]),
      order([2, a], [1, b], [1, c]),
      order([1, a], [2, b]),
    ];
    expect(new Set([order([1, a], [2, b], [1, c]), ...others]).size).toBe(5);
  });

  test('does not count the last message of a sender, but tells that it came', () => {
    const tally = new Tally();
    for (const sent of [message(), message(), message(true)]) tally.deliver(1, sent);
    expect([tally.report(2).delivered, tally.ended]).toEqual([2, 1]);
  });

  test('leaves the latencies of the warm-up out, and counts its messages', () => {
    const tally = new Tally();
    const now = Number(process.hrtime.bigint());
    const sentAgo = (seconds: number) => {
      const made = message();
      const ns = now - seconds * 1e9;
      made.setUint32(0, Math.floor(ns / 2 ** 32));
      made.setUint32(4, ns % 2 ** 32);
      return made;
    };
    for (const seconds of [100, 99, 96, 95, 94]) tally.deliver(1, sentAgo(seconds));
    const { delivered, p50Ms, p99Ms } = tally.report(5, 5);
    expect(delivered).toBe(5);
    expect([p50Ms, p99Ms].map((ms) => Math.floor(ms / 1_000))).toEqual([95, 95]);
    expect(Math.floor(tally.report(5).p99Ms / 1_000)).toBe(100);
  });

  test('of fewer than two messages has no rate', () => {
    expect(() => reportOf([[1, message()]])).toThrow(RangeError);
  });
});

describe('nodes agree', () => {
  const all = { sent: 2, delivered: 2, perSecond: 1, p50Ms: 1, p99Ms: 1, order: '0'.repeat(16) };
  const none = { ...all, sent: 0 };

  test('when all delivered what all sent, in one order', () => {
    expect(() => checkAgreement([all, none, none])).not.toThrow();
  });

  test('not when one missed a message, or delivered one too many', () => {
    expect(() => checkAgreement([all, { ...none, delivered: 1 }])).toThrow('delivered 1 of 2');
    expect(() => checkAgreement([all, { ...none, delivered: 3 }])).toThrow('delivered 3 of 2');
  });

  test('not when one had another order', () => {
    const other = { ...none, order: '1'.repeat(16) };
    expect(() => checkAgreement([all, none, other])).toThrow('Node 3 delivered in another order');
  });
});

test.each([
  '',
  'null',
  '[]',
  '{"sent":1}',
  '{"sent":-1,"delivered":1,"perSecond":1,"p50Ms":1,"p99Ms":1,"order":"0123456789abcdef"}',
  '{"sent":1,"delivered":1,"perSecond":1,"p50Ms":1,"p99Ms":1,"order":"0123"}',
])('%j is no report', (line) => {
  expect(() => readReport(line)).toThrow('no report');
});
