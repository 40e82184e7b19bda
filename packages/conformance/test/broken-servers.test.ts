/** A server that breaks a clause fails there: the checks can fail. */

import type { FromServer } from '@choir/protocol';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { runCases, serverCases } from '../src/index.ts';
import { ChoirServe } from './choir-serve.ts';
import { type Fault, SpoilingProxy } from './spoiling-proxy.ts';

let server: ChoirServe;
beforeAll(async () => {
  server = await ChoirServe.start();
});
afterAll(() => server.stop());

async function failedUnder(fault: Fault, clause: string): Promise<number> {
  const proxy = await SpoilingProxy.start(server.url, fault);
  onTestFinished(() => proxy.stop());
  const cases = serverCases.filter(({ clauses }) => clauses.includes(clause));
  const results = await runCases({ url: proxy.url, token: null, patienceMs: 700 }, cases);
  return results.filter(({ verdict }) => verdict === 'failed').length;
}

/** Changes every message of one kind. */
function changing<K extends FromServer['kind']>(
  kind: K,
  change: (message: Extract<FromServer, { kind: K }>) => readonly FromServer[],
): Fault {
  const isIt = (each: FromServer): each is Extract<FromServer, { kind: K }> => each.kind === kind;
  return () => (message) => (isIt(message) ? change(message) : [message]);
}

/** Changes the events of every delivery. */
function events(change: (event: Event, all: readonly Event[]) => readonly Event[]): Fault {
  return changing('delivery', (delivery) => [
    { ...delivery, events: delivery.events.flatMap((each) => change(each, delivery.events)) },
  ]);
}
type Event = Extract<FromServer, { kind: 'delivery' }>['events'][number];

/** Holds every second message of a kind back until the one behind it has gone out. */
function swapping(kind: FromServer['kind']): Fault {
  return () => {
    let held: FromServer | null = null;
    return (message) => {
      if (message.kind !== kind) return [message];
      if (held === null) {
        held = message;
        return [];
      }
      const both = [message, held];
      held = null;
      return both;
    };
  };
}

const faults: readonly [what: string, clause: string, fault: Fault][] = [
  ['a version of its own', 'V1', changing('welcome', (each) => [{ ...each, version: 2 }])],
  [
    'MALFORMED for everything',
    'N1',
    changing('goodbye', (each) => [{ ...each, code: 'MALFORMED' }]),
  ],
  ['another code for the form', 'B2', changing('goodbye', (each) => [{ ...each, code: 'LIMIT' }])],
  [
    'an end that is not final',
    'S3',
    changing('goodbye', (each) => [{ ...each, retryAfterMs: 1_000 }]),
  ],
  [
    'something behind the goodbye',
    'S6',
    changing('goodbye', (each) => [each, { kind: 'pong', nonce: 1 }]),
  ],
  ['pongs of other pings', 'S5', changing('pong', (each) => [{ ...each, nonce: 1 }])],
  ['deliveries out of order', 'T1', swapping('delivery')],
  [
    'deliveries in pieces',
    'T2',
    changing('delivery', (each) => each.events.map((event) => ({ ...each, events: [event] }))),
  ],
  ['deliveries twice', 'S4', changing('delivery', (each) => [each, each])],
  ['no acknowledgements', 'T3', changing('ack', () => [])],
  [
    'another outcome for a repetition',
    'T5',
    () => {
      let count = 0;
      return (message) => {
        if (message.kind !== 'ack') return [message];
        count += 1;
        return [{ ...message, at: { ...message.at, seq: message.at.seq + count } }];
      };
    },
  ],
  ['no volatile messages', 'T6', changing('volatile', () => [])],
  ['no resend', 'M4', changing('resend', () => [])],
  ['a forgetful mark', 'K5', changing('transfer_begin', (each) => [{ ...each, mark: 0 }])],
  [
    'acceptance for refusal',
    'M8',
    changing('refused', ({ group, localId }) => [
      { kind: 'ack', group, localId, senderId: 'c-1' as never, at: { epoch: 1, seq: 1 } },
    ]),
  ],
  [
    'a missed delivery that stays missed',
    'K2',
    () => {
      let resuming = false;
      let dropped = false;
      return (message) => {
        if (message.kind === 'resume_begin') resuming = true;
        if (message.kind === 'resume_end') resuming = false;
        if (!resuming || dropped || message.kind !== 'delivery') return [message];
        dropped = true;
        return [];
      };
    },
  ],
  ['no gap', 'K3', changing('transfer_begin', (each) => [{ ...each, gap: false }])],
  [
    'updates in another order',
    'K4',
    changing('transfer_objects', (each) => [{ ...each, updates: [...each.updates].reverse() }]),
  ],
  [
    'locks under numbers of their own',
    'L1',
    events((each) => (each.kind === 'lock_granted' ? [{ ...each, lockSet: 1 as never }] : [each])),
  ],
  [
    'no word of who came back',
    'L3',
    events((each) => (each.kind === 'rejoined_member' ? [] : [each])),
  ],
];

test.each(faults)('%s: fails at %s', { timeout: 60_000 }, async (_what, clause, fault) => {
  expect(await failedUnder(fault, clause)).toBeGreaterThan(0);
});

test('through the proxy alone nothing fails', { timeout: 60_000 }, async () => {
  const clauses = new Set(faults.map(([, clause]) => clause));
  clauses.delete('N1');
  let failed = 0;
  for (const clause of clauses) failed += await failedUnder(() => (message) => [message], clause);
  expect(failed).toBe(0);
});
