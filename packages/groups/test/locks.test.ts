import { expect, test } from 'vitest';
import { object, Scene, verdictOf } from './scene.ts';

function twoMembers(): Scene {
  const scene = new Scene();
  scene.enter('ann', 'room');
  scene.enter('bob', 'room');
  return scene;
}

test('K2: a lock set is granted whole, under the position of its grant', () => {
  const scene = twoMembers();
  const settled = scene.lock('ann', 'room', ['a', 'b']);
  expect(verdictOf(settled)).toBe('ok');
  expect(scene.events).toEqual([
    expect.objectContaining({ kind: 'lock_granted', lockSet: scene.seq, objects: ['a', 'b'] }),
  ]);
});

test('K1, K2: a request that overlaps is denied whole, with the holders named', () => {
  const scene = twoMembers();
  scene.lock('ann', 'room', ['a', 'b']);
  const settled = scene.lock('bob', 'room', ['b', 'c']);
  expect(settled.result).toMatchObject({
    kind: 'refused',
    code: 'LOCK_DENIED',
    holders: [{ object: 'b', clientId: 'ann', waiting: false }],
  });
  expect(verdictOf(scene.lock('bob', 'room', ['c']))).toBe('ok');
});

test('a partial release frees what it names, a whole one the rest', () => {
  const scene = twoMembers();
  const lockSet = scene.lock('ann', 'room', ['a', 'b']).at.seq as never;
  scene.submit('ann', 'room', { kind: 'lock_release', lockSet, objects: [object('a')] });
  expect(scene.events).toEqual([
    expect.objectContaining({ kind: 'lock_released', objects: ['a'], whole: false }),
  ]);
  expect(verdictOf(scene.lock('bob', 'room', ['a']))).toBe('ok');
  expect(verdictOf(scene.lock('bob', 'room', ['b']))).toBe('LOCK_DENIED');
  scene.submit('ann', 'room', { kind: 'lock_release', lockSet, objects: [] });
  expect(verdictOf(scene.lock('bob', 'room', ['b']))).toBe('ok');
});

test('only the holder can release a lock set', () => {
  const scene = twoMembers();
  const lockSet = scene.lock('ann', 'room', ['a']).at.seq as never;
  const settled = scene.submit('bob', 'room', { kind: 'lock_release', lockSet, objects: [] });
  expect(verdictOf(settled)).toBe('NO_LOCK');
});

test('a waiting request is granted when the set ends, and reserves its objects until then', () => {
  const scene = twoMembers();
  scene.enter('cid', 'room');
  const lockSet = scene.lock('ann', 'room', ['a']).at.seq as never;
  expect(verdictOf(scene.lock('bob', 'room', ['a', 'b'], true))).toBe('waiting');
  const denied = scene.lock('cid', 'room', ['b']);
  expect(denied.result).toMatchObject({
    holders: [{ object: 'b', clientId: 'bob', waiting: true }],
  });
  scene.submit('ann', 'room', { kind: 'lock_release', lockSet, objects: [] });
  expect(scene.events).toEqual([
    expect.objectContaining({ kind: 'lock_released', whole: true }),
    expect.objectContaining({ kind: 'lock_granted', senderId: 'bob', lockSet: scene.seq }),
  ]);
});

test('two requests that became free at once are granted at two positions', () => {
  const scene = twoMembers();
  scene.enter('cid', 'room');
  const lockSet = scene.lock('ann', 'room', ['a', 'b']).at.seq as never;
  scene.lock('bob', 'room', ['a'], true);
  scene.lock('cid', 'room', ['b'], true);
  scene.submit('ann', 'room', { kind: 'lock_release', lockSet, objects: [] });
  const [timer] = scene.timers;
  expect(timer).toMatchObject({ durationMs: 0, proposal: { kind: 'grant_next' } });
  if (timer !== undefined) scene.do(timer.proposal);
  expect(scene.events).toEqual([
    expect.objectContaining({ kind: 'lock_granted', senderId: 'cid', lockSet: scene.seq }),
  ]);
});

test('a cancelled request no longer reserves anything', () => {
  const scene = twoMembers();
  scene.enter('cid', 'room');
  scene.lock('ann', 'room', ['a']);
  const request = scene.lock('bob', 'room', ['a', 'b'], true).localId;
  scene.lock('cid', 'room', ['b'], true);
  const settled = scene.submit('bob', 'room', { kind: 'lock_cancel', request });
  expect(verdictOf(settled)).toBe('WAIT_ENDED');
  expect(scene.events).toEqual([
    expect.objectContaining({ kind: 'lock_granted', senderId: 'cid', objects: ['b'] }),
  ]);
});

test('K4: grace starts with the absence and ends only by a proposal that names it', () => {
  const scene = twoMembers();
  scene.lock('ann', 'room', ['a']);
  scene.detach('ann');
  const first = scene.timers.find(({ proposal }) => proposal.kind === 'expire_grace');
  expect(first).toMatchObject({ durationMs: 5_000, proposal: { absence: scene.seq } });
  scene.attach('ann');
  scene.join('ann', 'room');
  if (first !== undefined) scene.do(first.proposal);
  expect(scene.events).toEqual([]);
  expect(verdictOf(scene.lock('bob', 'room', ['a']))).toBe('LOCK_DENIED');
});

test('K4: a holder that stays away loses its lock when the grace ends', () => {
  const scene = twoMembers();
  scene.lock('ann', 'room', ['a']);
  scene.detach('ann');
  const timer = scene.timers.find(({ proposal }) => proposal.kind === 'expire_grace');
  if (timer !== undefined) scene.do(timer.proposal);
  expect(scene.events).toEqual([
    expect.objectContaining({ kind: 'lock_released', cause: 'grace_expired', senderId: 'ann' }),
  ]);
  expect(verdictOf(scene.lock('bob', 'room', ['a']))).toBe('ok');
});

test('K5: a node that is gone starts the grace of the locks held through it', () => {
  const scene = twoMembers();
  scene.lock('ann', 'room', ['a']);
  scene.loseNode('node-1');
  const absence = scene.seq;
  expect(scene.service.pendingTimers().map(({ proposal }) => proposal)).toContainEqual(
    expect.objectContaining({ kind: 'expire_grace', absence }),
  );
});

test('a lock outlives its holder’s membership until the grace ends', () => {
  const scene = twoMembers();
  scene.lock('ann', 'room', ['a']);
  scene.detach('ann');
  const timer = scene.timers.find(({ proposal }) => proposal.kind === 'expire_absence');
  if (timer !== undefined) scene.do(timer.proposal);
  expect(scene.events).toEqual([expect.objectContaining({ kind: 'non_member', cause: 'timeout' })]);
  expect(verdictOf(scene.lock('bob', 'room', ['a']))).toBe('LOCK_DENIED');
});

test('only an authorised client can break a lock, and the holder is told by whom and why', () => {
  const scene = twoMembers();
  const lockSet = scene.lock('ann', 'room', ['a']).at.seq as never;
  const body = { kind: 'lock_break', lockSet, reason: 'stuck' } as const;
  expect(verdictOf(scene.submit('bob', 'room', body))).toBe('FORBIDDEN');
  expect(verdictOf(scene.submit('bob', 'room', body, true))).toBe('ok');
  expect(scene.events).toEqual([
    expect.objectContaining({ cause: 'broken', by: 'bob', reason: 'stuck', senderId: 'ann' }),
  ]);
});
