import { expect, test } from 'vitest';
import { Trace, type TraceEvent } from '../src/index.ts';

const events: TraceEvent[] = [
  { t: 0.5, node: 'a', kind: 'submitted', n: 1, payload: new Uint8Array([1, 2, 3]) },
  { t: 1234.25, node: 'client-1', kind: 'refused', code: 'NOT FOUND', fatal: false },
  { t: 1234.25, node: 'a', kind: 'members', nodes: ['a', 'b'], gone: [] },
];

function traceOf(list: readonly TraceEvent[], keep: number | 'all'): Trace {
  const trace = new Trace(keep);
  for (const event of list) trace.record(event);
  return trace;
}

test('an event is one line with aligned columns', () => {
  expect(traceOf(events, 'all').text().split('\n')).toEqual([
    '       0.500 a            submitted        n=1 payload=#2c67a173/3',
    '    1234.250 client-1     refused          code="NOT FOUND" fatal=false',
    '    1234.250 a            members          nodes=[a,b] gone=[]',
  ]);
});

test('T1 the hash covers every field and does not depend on what is kept', () => {
  const hash = traceOf(events, 'all').hash;
  expect(traceOf(events, 0).hash).toBe(hash);
  const [first, ...rest] = events;
  const variants: TraceEvent[] = [
    { ...first, t: 0.25 } as TraceEvent,
    { ...first, node: 'b' } as TraceEvent,
    { ...first, n: '1' } as TraceEvent,
    { ...first, payload: new Uint8Array([1, 2, 4]) } as TraceEvent,
    { ...first, more: null } as TraceEvent,
  ];
  for (const changed of variants) expect(traceOf([changed, ...rest], 0).hash).not.toBe(hash);
});

test('T2 time must not go back', () => {
  const trace = new Trace();
  trace.record({ t: 2, node: 'a', kind: 'x' });
  expect(() => trace.record({ t: 1, node: 'a', kind: 'x' })).toThrow('went back');
});

test('a ring keeps the last events, observers see all', () => {
  const trace = new Trace(3);
  const seen: number[] = [];
  trace.observe((event) => seen.push(event.t));
  for (let t = 0; t < 8; t += 1) trace.record({ t, node: 'a', kind: 'tick' });
  expect(trace.events().map((event) => event.t)).toEqual([5, 6, 7]);
  expect(seen).toHaveLength(8);
});
