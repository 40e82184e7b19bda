import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Reception } from '../../src/editing-trace/reception.ts';
import { Replica } from '../../src/editing-trace/replica.ts';
import { readTrace, type Transaction } from '../../src/editing-trace/trace.ts';
import { encodeFrame } from '../../src/editing-trace/update-frame.ts';
import { readInput } from '../../src/input.ts';

const recorded = fileURLToPath(new URL('../data/two-authors.json.gz', import.meta.url));
const trace = readTrace(readInput(recorded));

/** Everybody makes what can be made, in turn, and receives `lag` messages behind the newest. */
function play(lag: number) {
  const replicas = Array.from({ length: trace.authors }, (_, who) => new Replica(who, trace));
  const receptions = replicas.map(() => new Reception(trace));
  const own = replicas.map((_, who) => trace.transactions.filter((each) => each.author === who));
  const log: Uint8Array[] = [];
  const make = (who: number, transaction: Transaction | undefined): boolean => {
    const replica = replicas[who];
    if (transaction === undefined || replica?.canMake(transaction) !== true) return false;
    log.push(encodeFrame({ index: transaction.index, update: replica.make(transaction) }));
    own[who]?.shift();
    return true;
  };
  for (let idle = 0; receptions.some(({ complete }) => !complete); idle++) {
    if (idle > 2 * trace.transactions.length) throw new Error('nobody gets on');
    for (const [who, reception] of receptions.entries()) {
      while (make(who, own[who]?.[0])) idle = 0;
      const waiting = log.length - reception.updates;
      const behind = idle > trace.authors ? 0 : lag;
      for (let n = 0; n < waiting - behind; n++) {
        const taken = reception.take(
          reception.updates,
          log[reception.updates] ?? new Uint8Array(4),
        );
        if (taken !== null) replicas[who]?.receive(taken.transaction.author, taken.update);
      }
    }
  }
  return { replicas, receptions };
}

test.each([0, 1, 7, 50])('all end with the same text when they are %i messages behind', (lag) => {
  const { receptions } = play(lag);
  const reports = receptions.map((reception) => reception.report());
  expect(reports.map(({ text }) => text)).toEqual(reports.map(() => trace.endContent));
  expect(new Set(reports.map(({ order }) => order)).size).toBe(1);
});

test('a transaction cannot be made before what it has seen was received', () => {
  const replica = new Replica(1, trace);
  const first = trace.transactions.find(({ author }) => author === 1);
  expect(first && replica.canMake(first)).toBe(false);
});

test('an update that comes twice is noticed', () => {
  const reception = new Reception(trace);
  const replica = new Replica(0, trace);
  const [first] = trace.transactions;
  if (first === undefined) throw new Error('an empty trace');
  const frame = encodeFrame({ index: 0, update: replica.make(first) });
  expect(reception.take(1, frame)?.transaction).toBe(first);
  expect(reception.take(2, frame)).toBeNull();
  expect(reception.report().misplaced).toBe(1);
});
