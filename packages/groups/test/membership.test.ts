import { GroupsService } from '@choir/groups';
import { expect, test } from 'vitest';
import { bytes, client, group, object, Scene, verdictOf } from './scene.ts';

function answers(scene: Scene): readonly unknown[] {
  return scene.effects.flatMap((effect) =>
    effect.kind === 'joined' ? effect.groups.map(({ answer }) => answer) : [],
  );
}

function restoredFrom(snapshot: Uint8Array): GroupsService {
  const restored = GroupsService.restore(snapshot);
  if (restored === null) throw new Error('the snapshot was not read');
  return restored;
}

test('M1: the edges of a membership, each with one event', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  scene.detach('ann');
  scene.attach('ann');
  scene.join('ann', 'room');
  scene.submit('ann', 'room', { kind: 'leave' });
  expect(scene.kindsOf('room')).toEqual([
    'new_member',
    'disconnected_member',
    'rejoined_member',
    'non_member',
  ]);
});

test('M2: a member that stays away becomes a non-member, and only by the timer of that absence', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  scene.detach('ann');
  const [stale] = scene.timers;
  scene.attach('ann');
  scene.join('ann', 'room');
  scene.detach('ann');
  const [current] = scene.timers;
  if (stale !== undefined) scene.do(stale.proposal);
  expect(scene.events).toEqual([]);
  if (current !== undefined) scene.do(current.proposal);
  expect(scene.events).toEqual([{ kind: 'non_member', clientId: 'ann', cause: 'timeout' }]);
  expect(scene.describe('room')?.members).toEqual([]);
});

test('a newer session supersedes the older one, whose end then means nothing', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  const older = scene.session('ann');
  const effects = scene.attach('ann');
  expect(effects).toContainEqual(expect.objectContaining({ kind: 'attached', superseded: older }));
  scene.join('ann', 'room');
  scene.do({ kind: 'detach', client: client('ann'), session: older });
  expect(scene.events).toEqual([]);
});

test('M4: when a node is gone, its clients are disconnected with a fresh timer', () => {
  const scene = new Scene();
  scene.attach('ann', undefined, 'node-1');
  scene.join('ann', 'room');
  scene.attach('bob', undefined, 'node-2');
  scene.join('bob', 'room');
  scene.loseNode('node-1');
  expect(scene.events).toEqual([{ kind: 'disconnected_member', clientId: 'ann' }]);
  expect(scene.service.pendingTimers().map(({ proposal }) => proposal)).toContainEqual(
    expect.objectContaining({ kind: 'expire_absence', client: 'ann', absence: scene.seq }),
  );
});

test('another secret does not open an identity', () => {
  const scene = new Scene();
  scene.attach('ann');
  expect(scene.attach('ann', 'guess')).toEqual([
    { kind: 'attach_refused', client: 'ann', code: 'WRONG_SECRET' },
  ]);
});

test('M3: an identity that was retired is never attached again', () => {
  const scene = new Scene();
  scene.attach('ann');
  scene.detach('ann');
  const [timer] = scene.timers;
  expect(timer).toMatchObject({ proposal: { kind: 'forget', absence: scene.seq } });
  if (timer !== undefined) scene.do(timer.proposal);
  expect(scene.attach('ann')).toEqual([{ kind: 'attach_refused', client: 'ann', code: 'EXPIRED' }]);
});

test('C10: who names where it was in this group resumes; in an earlier one it is told of a gap', () => {
  const scene = new Scene();
  scene.enter('ann', 'room');
  const created = scene.service.groupNamed(group('room')) ?? 0;
  const after = { epoch: 1, seq: scene.seq };
  scene.attach('ann');
  scene.join('ann', 'room', { created, after });
  expect(answers(scene)).toEqual([{ kind: 'resume', after }]);
  scene.submit('ann', 'room', { kind: 'delete' }, true);
  scene.attach('bob');
  scene.join('bob', 'room');
  scene.join('ann', 'room', { created, after });
  expect(answers(scene)).toEqual([{ kind: 'transfer', gap: true }]);
});

test('several related groups are joined at one position, unrelated ones not at all', () => {
  const scene = new Scene();
  scene.attach('ann');
  const session = scene.session('ann');
  const target = (name: string) => ({ group: group(name), name: 'ann', created: 0 });
  const ask = (...names: readonly string[]) =>
    scene.do({
      kind: 'join',
      client: client('ann'),
      session,
      requestId: 7,
      targets: names.map(target),
    });
  expect(ask('team/a', 'team/b').map(({ kind }) => kind)).toContain('joined');
  expect(scene.log.map(({ at }) => at)).toEqual([scene.seq, scene.seq]);
  expect(ask('team/c', 'other')).toEqual([
    expect.objectContaining({ kind: 'join_refused', code: 'CROSS_SHARD' }),
  ]);
  expect(scene.service.groupNamed(group('team/c'))).toBeNull();
});

test('G1: a restored snapshot continues exactly as the original would', () => {
  const scene = new Scene();
  scene.enter('ann', 'room', 'room/two');
  scene.enter('bob', 'room');
  scene.submit('ann', 'room', {
    kind: 'properties',
    properties: [{ name: 'topic', value: 'snapshots' }],
  });
  scene.write('ann', 'room', 'a');
  scene.lock('ann', 'room', ['a', 'b']);
  scene.lock('bob', 'room', ['b', 'c'], true);
  scene.say('bob', 'room', 'hello', true);
  const objects = [{ object: object('z'), data: bytes('z') }];
  const part = { kind: 'group_state', group: group('room'), base: scene.seq, objects } as const;
  scene.submit('bob', 'room', { kind: 'message', parts: [part] }, true);
  scene.detach('ann');

  const bytesBefore = scene.service.snapshot();
  const original = scene.service;
  const restored = restoredFrom(bytesBefore);
  expect(restored.snapshot()).toEqual(bytesBefore);
  expect(restored.pendingTimers()).toEqual(original.pendingTimers());
  scene.service = restored;
  scene.attach('ann');
  scene.join('ann', 'room');
  expect(scene.events).toEqual([{ kind: 'rejoined_member', clientId: 'ann' }]);
  expect(verdictOf(scene.write('bob', 'room', 'a'))).toBe('LOCKED');
});

test('bytes that are no snapshot are refused, not half read', () => {
  expect(GroupsService.restore(bytes('nonsense'))).toBeNull();
});
