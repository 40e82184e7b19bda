/** Limits and corner cases: what a careless or hostile client could do to a group, and to everybody. */
import { Writer } from '@choir/bytes';
import { fromServer, limits, localId, type SubmissionBody } from '@choir/protocol';
import { expect, test } from 'vitest';
import { bcast, bytes, client, group, object, Scene, update, verdictOf } from './scene.ts';

function sizeOfTransfer(scene: Scene, name: string): number {
  const described = scene.describe(name);
  if (described === null) throw new Error('no such group');
  const { group: created, name: groupName, ...rest } = described;
  const writer = new Writer();
  const at = { epoch: 1, seq: scene.seq };
  const begin = {
    kind: 'transfer_begin',
    requestId: 1,
    purpose: 'join',
    group: groupName,
  } as const;
  fromServer.write(writer, { ...begin, created, at, gap: false, mark: 0, ...rest });
  return writer.take().length;
}

test('two groups that come into being at one position are two groups (message)', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  scene.message('ann', 'room', bcast('room/one', 'x'), bcast('room/two', 'x'));
  const ids = ['room/one', 'room/two'].map((name) => scene.service.groupNamed(group(name)));
  expect(new Set(ids).size).toBe(2);
});

test('two groups that come into being at one position are two groups (join)', () => {
  const scene = new Scene();
  scene.attach('ann');
  const targets = ['team/a', 'team/b'].map((name) => ({
    group: group(name),
    name: 'ann',
    created: 0,
  }));
  const session = scene.session('ann');
  scene.do({ kind: 'join', client: client('ann'), session, requestId: 1, targets });
  scene.detach('ann');
  const told = scene.effects.flatMap((effect) => (effect.kind === 'deliver' ? [effect.name] : []));
  expect(told).toEqual(['team/a', 'team/b']);
});

test('the parts of a message are related to the group of its chain', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  expect(verdictOf(scene.message('ann', 'room', bcast('elsewhere', 'x')))).toBe('CROSS_SHARD');
});

test('a member that deletes the group gets the delivery or an ack, not both', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  const settled = scene.submit('ann', 'room', { kind: 'delete' }, true);
  expect(scene.events).toEqual([expect.objectContaining({ senderId: 'ann', localId: 1 })]);
  expect(settled.delivered).toBe(true);
});

test('a break counts as by another, also for who broke the lock (docs/design/groups.md)', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  scene.enter('bob', 'room');
  const lockSet = scene.lock('ann', 'room', ['a']).at.seq as never;
  const base = scene.seq;
  scene.write('ann', 'room', 'a', { fence: lockSet });
  scene.submit('bob', 'room', { kind: 'lock_break', lockSet, reason: '' }, true);
  expect(verdictOf(scene.write('bob', 'room', 'a', { base }))).toBe('CONFLICT');
});

test('a join that names one group twice is refused', () => {
  const scene = new Scene();
  scene.attach('ann');
  const target = { group: group('room'), name: 'ann', created: 0 };
  const session = scene.session('ann');
  const targets = [target, target];
  scene.do({ kind: 'join', client: client('ann'), session, requestId: 1, targets });
  expect(scene.effects).toEqual([
    expect.objectContaining({ kind: 'join_refused', code: 'MALFORMED' }),
  ]);
});

test('a client that was away does not bring back a group that was deleted meanwhile', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  scene.enter('root');
  const created = scene.service.groupNamed(group('room')) ?? 0;
  const after = { epoch: 1, seq: scene.seq };
  scene.detach('ann');
  scene.submit('root', 'room', { kind: 'delete' }, true);
  scene.attach('ann');
  scene.join('ann', 'room', { created, after });
  expect(scene.service.groupNamed(group('room'))).toBeNull();
});

test('a submission out of order leaves nothing behind', () => {
  const scene = new Scene();
  scene.attach('ann');
  const before = scene.service.snapshot().length;
  const body: SubmissionBody = { kind: 'leave' };
  const submission = { group: group('any'), localId: localId(2), previous: 1, body };
  scene.resubmit('ann', submission);
  expect(scene.service.snapshot().length).toBe(before);
});

test('locks never make the beginning of a transfer larger than a frame', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  for (let set = 0; set < 350; set += 1) {
    const ids = Array.from({ length: limits.lockSetObjects }, (_, i) => `${set}.${i}`);
    scene.lock(
      'ann',
      'room',
      ids.map((id) => id.padEnd(200, '.')),
    );
  }
  expect(sizeOfTransfer(scene, 'room')).toBeLessThan(limits.frameBytes);
});

test('one delivery never holds more events than a delivery can', () => {
  const scene = new Scene();
  const sets = limits.eventsPerDelivery;
  scene.enter('ann', 'room');
  for (let set = 0; set < sets; set += 1) scene.lock('ann', 'room', [`o${set}`]);
  scene.submit('ann', 'room', { kind: 'leave' });
  expect(scene.events.length).toBeLessThanOrEqual(limits.eventsPerDelivery);
});

test('a message cannot put more objects into a group than it may have', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  const data = bytes('');
  for (let k = 0; k < 2; k += 1) {
    const objects = Array.from({ length: 10_000 }, (_, i) => ({
      object: object(`${k}.${i}`),
      data,
    }));
    const part = { kind: 'group_state', group: group('room'), base: scene.seq, objects } as const;
    scene.submit('ann', 'room', { kind: 'message', parts: [part] }, true);
  }
  for (let i = 10_000; i < 99_999; i += 64) {
    const base = scene.seq;
    const length = Math.min(64, 99_999 - i);
    const parts = Array.from({ length }, (_, k) => update('room', `n${i + k}`, { base }));
    scene.message('ann', 'room', ...parts);
  }
  const base = scene.seq;
  const more = Array.from({ length: 64 }, (_, k) => update('room', `more${k}`, { base }));
  expect(verdictOf(scene.message('ann', 'room', ...more))).toBe('LIMIT');
});

test('the live part of a row does not contain what a later part of the row purged', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  const base = scene.seq;
  const objects = [{ object: object('b'), data: bytes('') }];
  const parts = [
    update('room', 'a', { base }),
    { kind: 'group_state', group: group('room'), base, objects } as const,
    update('room', 'a', { base }),
  ];
  // `a` was purged between its two updates; a `ContentRef` cannot say that only the second is live.
  expect(verdictOf(scene.submit('ann', 'room', { kind: 'message', parts }, true))).not.toBe('ok');
});

test('a lock set that a pending `leave` should give up does not outlive it', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  scene.lock('ann', 'room', ['a']);
  scene.detach('ann');
  const timer = scene.timers.find(({ proposal }) => proposal.kind === 'expire_absence');
  if (timer !== undefined) scene.do(timer.proposal);
  scene.attach('ann');
  scene.submit('ann', 'room', { kind: 'leave' });
  expect(scene.describe('room')?.locks).toEqual([]);
});

test('what became of a lock request that still waits is not forgotten', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  scene.enter('bob', 'room');
  scene.lock('bob', 'room', ['a']);
  const objects = [object('a')];
  const body: SubmissionBody = { kind: 'lock_request', objects, wait: true, graceMs: 5_000 };
  const request = { group: group('room'), localId: localId(1), previous: 0, body };
  scene.resubmit('ann', request);
  for (let id = 2; id <= limits.sendWindow + 1; id += 1) {
    const talk: SubmissionBody = { kind: 'message', parts: [bcast('room', 'x')] };
    const said = { group: group('room'), localId: localId(id), previous: id - 1, body: talk };
    scene.resubmit('ann', said);
  }
  expect(verdictOf(scene.settled(scene.resubmit('ann', request)))).toBe('waiting');
});

test('a delivery is told after the creation of its group (effects come in the order given)', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  const kinds = scene.effects.map(({ kind }) => kind);
  expect(kinds.indexOf('group_created')).toBeLessThan(kinds.indexOf('deliver'));
});
