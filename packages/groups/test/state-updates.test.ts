import { expect, test } from 'vitest';
import { bcast, bytes, group, object, Scene, update, verdictOf } from './scene.ts';

function twoMembers(): Scene {
  const scene = new Scene();
  scene.enter('ann', 'room');
  scene.enter('bob', 'room');
  return scene;
}

function contentOf(scene: Scene, name = 'room'): readonly (readonly [number, readonly string[]])[] {
  const id = scene.service.groupNamed(group(name));
  if (id === null) return [];
  return scene.service.content(id, null).map(({ seq, objects }) => [seq, objects] as const);
}

function checkpoint(scene: Scene, who: string, ...ids: readonly string[]): string {
  const objects = ids.map((id) => ({ object: object(id), data: bytes(id) }));
  const part = { kind: 'group_state', group: group('room'), base: scene.seq, objects } as const;
  const body = { kind: 'message', parts: [part] } as const;
  return verdictOf(scene.submit(who, 'room', body, true));
}

test('C7: INC appends, NEW purges the earlier updates of that object only', () => {
  const scene = twoMembers();
  const first = scene.write('ann', 'room', 'a').at.seq;
  const second = scene.write('ann', 'room', 'a').at.seq;
  const other = scene.write('ann', 'room', 'b').at.seq;
  expect(contentOf(scene)).toEqual([
    [first, ['a']],
    [second, ['a']],
    [other, ['b']],
  ]);
  const fresh = scene.write('bob', 'room', 'a', { update: 'NEW' }).at.seq;
  expect(contentOf(scene)).toEqual([
    [other, ['b']],
    [fresh, ['a']],
  ]);
});

test('C7: a checkpoint purges all objects and leaves locks alone', () => {
  const scene = twoMembers();
  scene.write('ann', 'room', 'a');
  scene.lock('ann', 'room', ['b']);
  expect(checkpoint(scene, 'bob', 'b', 'c')).toBe('ok');
  expect(contentOf(scene)).toEqual([[scene.seq, ['b', 'c']]]);
  expect(verdictOf(scene.write('bob', 'room', 'b'))).toBe('LOCKED');
});

test('C16: only members write state; anybody may broadcast into a group', () => {
  const scene = twoMembers();
  scene.attach('eve');
  expect(verdictOf(scene.write('eve', 'room', 'a'))).toBe('NOT_A_MEMBER');
  expect(verdictOf(scene.say('eve', 'room', 'hello'))).toBe('ok');
  expect(scene.settled().delivered).toBe(false);
});

test('C16: only authorised clients replace the state of a group', () => {
  const scene = twoMembers();
  const part = { kind: 'group_state', group: group('room'), base: scene.seq, objects: [] } as const;
  expect(verdictOf(scene.message('ann', 'room', part))).toBe('FORBIDDEN');
});

test('K3: a locked object is written by its holder only', () => {
  const scene = twoMembers();
  scene.lock('ann', 'room', ['a']);
  expect(verdictOf(scene.write('ann', 'room', 'a'))).toBe('ok');
  const refused = scene.write('bob', 'room', 'a');
  expect(refused.result).toMatchObject({ code: 'LOCKED', holders: [{ clientId: 'ann' }] });
});

test('K7: a write under a lock set that ended is refused, even by a later holder', () => {
  const scene = twoMembers();
  const fence = scene.lock('ann', 'room', ['a']).at.seq;
  const lockSet = fence as never;
  scene.submit('ann', 'room', { kind: 'lock_release', lockSet, objects: [] });
  expect(verdictOf(scene.write('ann', 'room', 'a', { fence }))).toBe('STALE_FENCE');
  scene.lock('ann', 'room', ['a']);
  expect(verdictOf(scene.write('ann', 'room', 'a', { fence }))).toBe('STALE_FENCE');
});

test('C12: a write is refused when another changed the lock after its base, an own change is not', () => {
  const scene = twoMembers();
  const base = scene.seq;
  const lockSet = scene.lock('bob', 'room', ['a']).at.seq as never;
  scene.submit('bob', 'room', { kind: 'lock_release', lockSet, objects: [] });
  expect(verdictOf(scene.write('ann', 'room', 'a', { base }))).toBe('CONFLICT');
  expect(verdictOf(scene.write('bob', 'room', 'a', { base }))).toBe('ok');
  expect(verdictOf(scene.write('ann', 'room', 'a', { base: scene.seq }))).toBe('ok');
});

test('C12: locking an object again does not hide that another had it meanwhile', () => {
  const scene = twoMembers();
  const base = scene.seq;
  const lockSet = scene.lock('bob', 'room', ['a']).at.seq as never;
  scene.submit('bob', 'room', { kind: 'lock_release', lockSet, objects: [] });
  scene.lock('ann', 'room', ['a']);
  expect(verdictOf(scene.write('ann', 'room', 'a', { base }))).toBe('CONFLICT');
});

test('a write older than a checkpoint by another is refused, one older than an own is not', () => {
  const scene = twoMembers();
  const base = scene.seq;
  checkpoint(scene, 'bob', 'a');
  expect(verdictOf(scene.write('ann', 'room', 'a', { base }))).toBe('CHECKPOINTED');
  expect(verdictOf(scene.write('bob', 'room', 'a', { base }))).toBe('ok');
});

test('a message of several parts takes effect at one position, or not at all', () => {
  const scene = twoMembers();
  scene.enter('ann', 'room/two');
  scene.lock('bob', 'room', ['a']);
  const base = scene.seq;
  const refused = scene.message('ann', 'room', bcast('room', 'x'), update('room', 'a', { base }));
  expect(verdictOf(refused)).toBe('LOCKED');
  expect(scene.events).toEqual([]);
  scene.message('ann', 'room', bcast('room', 'x'), update('room/two', 'b', { base }));
  expect(scene.log.filter(({ at }) => at === scene.seq).map((entry) => entry.group)).toEqual([
    'room',
    'room/two',
  ]);
});

test('parts in unrelated groups are refused', () => {
  const scene = twoMembers();
  const refused = scene.message('ann', 'room', bcast('room', 'x'), bcast('elsewhere', 'x'));
  expect(verdictOf(refused)).toBe('CROSS_SHARD');
});

test('a stateless group takes messages but no state', () => {
  const scene = new Scene();
  scene.attach('ann');
  const body = { kind: 'create', stateful: false, absenceMs: 0, properties: [] } as const;
  expect(verdictOf(scene.submit('ann', 'talk', body))).toBe('ok');
  scene.join('ann', 'talk');
  expect(verdictOf(scene.say('ann', 'talk', 'hello'))).toBe('ok');
  expect(verdictOf(scene.write('ann', 'talk', 'a'))).toBe('STATELESS');
});
