/** Every checker finds what is planted in the clean story: one change, one property. */
import { expect, test } from 'vitest';
import { Judge, type TraceRecord } from '../../src/checkers/index.ts';
import { cleanStory } from './clean-story.ts';

type Plant = (records: TraceRecord[]) => TraceRecord[];
type Where = (record: TraceRecord) => boolean;

/** Fields of a record, as they should be. */
function like(fields: Readonly<Record<string, unknown>>): Where {
  return (record) =>
    Object.entries(fields).every(
      ([name, value]) =>
        JSON.stringify((record as Record<string, unknown>)[name]) === JSON.stringify(value),
    );
}

function change(where: Where, fields: Readonly<Record<string, unknown>>): Plant {
  return (records) => {
    expect(records.some(where)).toBe(true);
    return records.map((one) => (where(one) ? ({ ...one, ...fields } as TraceRecord) : one));
  };
}

function drop(where: Where): Plant {
  return (records) => {
    expect(records.some(where)).toBe(true);
    return records.filter((one) => !where(one));
  };
}

function insertAfter(where: Where, ...added: Readonly<Record<string, unknown>>[]): Plant {
  return (records) => {
    const place = records.findIndex(where);
    expect(place).not.toBe(-1);
    const at = records[place] as TraceRecord;
    const more = added.map((fields) => ({ t: at.t, node: at.node, ...fields }) as TraceRecord);
    return [...records.slice(0, place + 1), ...more, ...records.slice(place + 1)];
  };
}

/** What is recorded of the grant of a lock set, at the server and at the clients. */
const grantOf = (sender: string): Where => like({ event: 'lock_granted', sender });
const all =
  (...plants: Plant[]): Plant =>
  (records) =>
    plants.reduce((changed, plant) => plant(changed), records);

const lateEntry = { kind: 'entry', seq: 99, epoch: 1, source: 's#2', n: 6 };
const lateLogged = { kind: 'logged', seq: 99, group: 'room', created: 4, index: 0, of: 1 };
const refusedAt9 = {
  kind: 'sent',
  client: 'EVE',
  message: 'refused',
  group: 'room',
  seq: 9,
  localId: 1,
};
const write = { event: 'obj_state', object: 'door', update: 'INC', data: 'x' };
const lastEntry: Where = like({ kind: 'logged', seq: 22, group: 'hall' });

const planted: readonly (readonly [property: string, what: string, plant: Plant])[] = [
  ['C1', 'a delivery before the sync', drop(like({ kind: 'synced', seq: 6 }))],
  ['C1', 'an ack before the sync', change(like({ kind: 'synced', seq: 7 }), { seq: 6 })],
  [
    'C2',
    'other content under a known position',
    change(like({ kind: 'delivered', node: 'bob', seq: 6 }), { data: 'hallo' }),
  ],
  ['C2', 'a position used twice', change(like({ kind: 'entry', seq: 9 }), { seq: 8 })],
  ['C2', 'an epoch that goes back', change(like({ kind: 'entry', seq: 19 }), { epoch: 0 })],
  ['C3', 'a submission that was skipped', change(like({ kind: 'entry', seq: 7 }), { n: 17 })],
  [
    'C3',
    'an event whose submission was not decided',
    change(like({ kind: 'entry', seq: 6 }), { previous: 1 }),
  ],
  ['C4', 'an acked entry that is not in the log', drop(like({ kind: 'kept', seq: 6 }))],
  [
    'C4',
    'a log that is shorter than what was acked',
    change(like({ kind: 'opened', life: 2 }), { head: 12 }),
  ],
  [
    'C4',
    'two positions for one submission',
    insertAfter(like({ kind: 'settled', seq: 6 }), {
      kind: 'settled',
      group: 'room',
      localId: 2,
      seq: 7,
    }),
  ],
  ['C5', 'a delivery that is missing', drop(like({ kind: 'delivered', node: 'bob', seq: 10 }))],
  [
    'C5',
    'a delivery that comes twice',
    insertAfter(like({ kind: 'delivered', node: 'bob', seq: 9 }), {
      kind: 'delivered',
      group: 'room',
      seq: 6,
      index: 0,
      of: 1,
      event: 'bcast',
      sender: 'ANN',
      localId: 2,
      exclusive: false,
      data: 'hello',
    }),
  ],
  ['C5', 'an own message without ack', drop(like({ kind: 'settled', node: 'bob', localId: 1 }))],
  [
    'C5',
    'a last delivery that never comes',
    drop(like({ kind: 'delivered', node: 'ann', seq: 22 })),
  ],
  [
    'C6',
    'a transferred object that is not in the state',
    insertAfter(like({ edge: 'transfer_begin', node: 'bob', group: 'room' }), {
      kind: 'update',
      group: 'room',
      object: 'door',
      update: 'NEW',
      at: 3,
      data: 'ajar',
    }),
  ],
  [
    'C7',
    'a superseded update that is transferred',
    all(
      insertAfter(
        lastEntry,
        { kind: 'started', life: 1, role: 'client', identity: 'eve' },
        {
          kind: 'block',
          edge: 'transfer_begin',
          purpose: 'read',
          scope: 'everything',
          request: 1,
          group: 'room',
          created: 4,
          seq: 22,
          after: 0,
          mark: 0,
          gap: false,
          stateful: true,
        },
        { kind: 'update', group: 'room', object: 'door', update: 'NEW', at: 3, data: 'ajar' },
        { kind: 'update', group: 'room', object: 'door', update: 'NEW', at: 9, data: 'open' },
        { kind: 'update', group: 'room', object: 'door', update: 'INC', at: 13, data: 'shut' },
      ),
      (records) =>
        records.map((one) =>
          one.node === 's' &&
          (one.kind === 'started' || one.kind === 'block' || one.kind === 'update')
            ? { ...one, node: 'eve' }
            : one,
        ),
    ),
  ],
  [
    'C8',
    'a delivery that is in the transferred state already',
    insertAfter(like({ edge: 'transfer_end', node: 'bob', group: 'room' }), {
      kind: 'delivered',
      group: 'room',
      seq: 5,
      index: 0,
      of: 1,
      event: 'new_member',
      client: 'BOB',
      name: 'Bob',
    }),
  ],
  [
    'C8',
    'the first delivery after the state is missing',
    drop(like({ kind: 'delivered', node: 'bob', seq: 6 })),
  ],
  [
    'C8',
    'a join that enters one of two groups',
    drop(like({ kind: 'logged', seq: 5, group: 'hall' })),
  ],
  [
    'C9',
    'content in a stateless group',
    insertAfter(like({ edge: 'transfer_begin', node: 'bob', group: 'hall' }), {
      kind: 'update',
      group: 'hall',
      object: 'door',
      update: 'NEW',
      at: 3,
      data: 'ajar',
    }),
  ],
  [
    'C9',
    'a stateless group, rejoined with a hole',
    drop(like({ kind: 'delivered', node: 'ann', group: 'hall', seq: 11 })),
  ],
  ['C10', 'a rejoin with a hole', drop(like({ kind: 'delivered', node: 'ann', seq: 12 }))],
  [
    'C10',
    'a transfer where a resume was possible',
    all(
      change(like({ node: 'bob', group: 'room', edge: 'resume_begin' }), {
        edge: 'transfer_begin',
        gap: true,
      }),
      change(like({ node: 'bob', group: 'room', edge: 'resume_end' }), { edge: 'transfer_end' }),
    ),
  ],
  [
    'C11',
    'a message that takes effect twice',
    insertAfter(
      lastEntry,
      {
        ...lateEntry,
        command: 'submit',
        client: 'ANN',
        session: 19,
        privileged: false,
        group: 'room',
        localId: 2,
        previous: 4,
        body: 'message',
      },
      { ...lateLogged, event: 'bcast', sender: 'ANN', localId: 2, exclusive: false, data: 'hello' },
    ),
  ],
  [
    'C11',
    'a withdrawn message that took effect',
    change(like({ kind: 'withdrawn' }), { localId: 4 }),
  ],
  [
    'C11',
    'other content than was handed over',
    change(like({ kind: 'part', node: 'ann', part: 'bcast' }), { data: 'bye' }),
  ],
  [
    'C11',
    'something pending in the end',
    change(like({ kind: 'pending', node: 'bob' }), { count: 1 }),
  ],
  [
    'C11',
    'an answer that differs from the first one',
    insertAfter(
      like({ kind: 'withdrawn' }),
      { kind: 'withdrawn', group: 'room', localId: 5, why: 'discarded' },
      { kind: 'reset', group: 'room' },
    ),
  ],
  [
    'C11',
    'an own submission that is taken for another one',
    change(like({ kind: 'settled', node: 'bob', localId: 1 }), {
      kind: 'refused',
      code: 'ID_REUSED',
    }),
  ],
  [
    'C11',
    'a server that refuses for one reason and then for another',
    insertAfter(lastEntry, ...['LOCKED', 'CONFLICT'].map((code) => ({ ...refusedAt9, code }))),
  ],
  ['C11', 'something of which nothing was heard', drop(like({ kind: 'withdrawn' }))],
  ['C12', 'a conflict that is missed', drop(like({ kind: 'withdrawn' }))],
  [
    'C12',
    'a conflict that is none',
    change(
      (one) => one.kind === 'delivered' && one.node === 'ann' && 'objects' in one && one.seq > 10,
      { objects: ['wall'] },
    ),
  ],
  ['C12', 'a reset that does not come', drop(like({ kind: 'reset' }))],
  [
    'C12',
    'a conflicting write that is accepted',
    all(
      drop(like({ kind: 'part', node: 'bob', data: 'shut' })),
      change(like({ kind: 'part', data: 'shut' }), { base: 5 }),
    ),
  ],
  ['C13', 'a copy that differs', change(like({ kind: 'content', node: 'ann' }), { data: 'open' })],
  [
    'C13',
    'a lock that nobody holds',
    insertAfter(like({ kind: 'copy', node: 'ann', group: 'room' }), {
      kind: 'held',
      group: 'room',
      holder: 'BOB',
      lockSet: 12,
      objects: ['door'],
      graceMs: 1_000,
    }),
  ],
  [
    'C14',
    'less is opened than was synced',
    change(like({ kind: 'opened', life: 2 }), { head: 14 }),
  ],
  [
    'C15',
    'an ack after a failed sync',
    insertAfter(like({ kind: 'synced', seq: 6 }), { kind: 'failed', code: 'DISK_ERROR' }),
  ],
  [
    'C16',
    'a write by a stranger',
    insertAfter(lastEntry, { ...lateLogged, ...write, sender: 'EVE', localId: 9 }),
  ],
  [
    'C16',
    'a checkpoint without the privilege',
    insertAfter(lastEntry, {
      ...lateLogged,
      event: 'group_state',
      sender: 'ANN',
      localId: 9,
      objects: [],
      contents: [],
    }),
  ],
  [
    'K1',
    'two holders of one object',
    drop(like({ event: 'lock_released', cause: 'grace_expired' })),
  ],
  ['K2', 'a grant of less than was requested', change(grantOf('ANN'), { objects: [] })],
  [
    'K3',
    'a write to what another holds',
    change(like({ kind: 'logged', ...write, data: 'shut' }), { sender: 'ANN' }),
  ],
  [
    'K4',
    'a grace that is too short',
    change(like({ kind: 'entry', command: 'detach' }), { t: 700 }),
  ],
  [
    'K5',
    'a lock that the log does not have',
    insertAfter(like({ edge: 'transfer_begin', node: 'bob', group: 'room' }), {
      kind: 'held',
      group: 'room',
      holder: 'ANN',
      lockSet: 3,
      objects: ['door'],
      graceMs: 1_000,
    }),
  ],
  [
    'K6',
    'a holder that is here and loses its lock',
    drop(like({ kind: 'logged', event: 'disconnected_member', seq: 11, group: 'room' })),
  ],
  [
    'K7',
    'a write under a lock set that is gone',
    change(
      (one) =>
        one.kind === 'part' && one.node === 's' && one.part === 'obj_state' && one.data === 'shut',
      { fence: 8 },
    ),
  ],
  [
    'K8',
    'an order against real time',
    all(change(like({ kind: 'settled', node: 'bob', localId: 3 }), { seq: 15 })),
  ],
  ['K8', 'a request for what is free that is not granted', drop(grantOf('BOB'))],
  [
    'M1',
    'a rejoin of somebody who never left',
    insertAfter(lastEntry, { ...lateLogged, event: 'rejoined_member', client: 'ANN' }),
  ],
  [
    'M1',
    'a session that ends without a word',
    drop(like({ event: 'disconnected_member', seq: 11, group: 'hall' })),
  ],
  [
    'M2',
    'an absence that is too short',
    change(like({ kind: 'logged', seq: 12 }), {
      event: 'non_member',
      client: 'ANN',
      cause: 'timeout',
      localId: 0,
    }),
  ],
  ['M3', 'one id for two', change(like({ kind: 'attached', node: 'bob' }), { client: 'ANN' })],
  ['M4', 'a member who survives a restart', drop(like({ kind: 'logged', seq: 18, group: 'room' }))],
  [
    'M5',
    'a view that differs',
    change(like({ kind: 'member', node: 'ann', client: 'BOB' }), { status: 'disconnected_member' }),
  ],
  ['O3', 'time that goes back', change(like({ kind: 'entry', seq: 9 }), { time: 1 })],
  [
    'O3',
    'a delivery with another time than its entry',
    change(like({ kind: 'delivered', node: 'bob', seq: 6 }), { time: 1 }),
  ],
];

test.each(planted)('%s %s', (property, _, plant) => {
  const judge = new Judge();
  for (const record of plant(cleanStory().records)) judge.see(record);
  const found = judge.finish().filter((violation) => violation.property === property);
  expect(found).not.toEqual([]);
});

test('every property has a planted violation', () => {
  const properties = [
    ...Array.from({ length: 16 }, (_, index) => `C${index + 1}`),
    ...Array.from({ length: 8 }, (_, index) => `K${index + 1}`),
    ...Array.from({ length: 5 }, (_, index) => `M${index + 1}`),
    'O3',
  ];
  expect([...new Set(planted.map(([property]) => property))]).toEqual(properties);
});
