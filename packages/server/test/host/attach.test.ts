import { expect, test } from 'vitest';
import { clientIdOf } from '../names.ts';
import { Scene } from './scene.ts';

test('a client without an id is issued one, and may claim it with its secret only', () => {
  const scene = new Scene();
  const first = scene.connect();
  first.hello(null, 'a secret of the client');
  scene.run();
  const { clientId, session } = first.last('welcome');
  expect(clientId).toMatch(/^c-[a-z2-7]{16}$/);
  expect(session).toBe(scene.contents.head.seq);
  const thief = scene.connect();
  thief.hello(clientId, 'another secret, guessed');
  scene.run();
  expect(thief.last('goodbye')).toMatchObject({ code: 'WRONG_SECRET' });
  expect(thief.closedWith).toBe('WRONG_SECRET');
  expect(first.closedWith).toBe(null);
});

test('a newer session takes over: the older is told SUPERSEDED and not to come back', () => {
  const scene = new Scene();
  const older = scene.member('ann');
  const bob = scene.member('bob');
  const newer = scene.attach('ann');
  expect(older.last('goodbye')).toEqual({
    kind: 'goodbye',
    code: 'SUPERSEDED',
    message: expect.any(String),
  });
  expect(older.closedWith).toBe('SUPERSEDED');
  bob.bcast('room', 'after');
  scene.run();
  expect(older.heard()).toEqual([]);
  expect(newer.of('welcome')).toHaveLength(1);
  // Its connection being gone means nothing for the session that took over.
  older.drop();
  newer.join('room');
  scene.run();
  const { members } = newer.last('transfer_begin');
  expect(members).toContainEqual({ clientId: 'ann', name: 'somebody', status: 'member' });
});

test('a lost connection makes its client a disconnected member', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  ann.drop();
  scene.run();
  expect(bob.events()).toContain('disconnected_member');
});

test('a connection that is lost before its session begins leaves no session behind', () => {
  const scene = new Scene();
  scene.journalHeld = true;
  const ann = scene.attach('ann');
  ann.drop();
  scene.run();
  scene.journalHeld = false;
  scene.run();
  const bob = scene.attach('bob');
  bob.say({ kind: 'status', requestId: 1 });
  scene.run();
  expect(bob.last('status')).toMatchObject({ connections: 1 });
  expect(ann.of('welcome')).toEqual([]);
  expect(scene.attach('ann').of('welcome')).toHaveLength(1);
});

test('bye closes without a goodbye and keeps the membership', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  ann.say({ kind: 'bye' });
  scene.run();
  expect(ann.closedWith).toBe('BYE');
  expect(ann.of('goodbye')).toEqual([]);
  expect(bob.events()).toEqual(['disconnected_member']);
});

test('what is not a beginning is answered with goodbye', () => {
  const scene = new Scene();
  const silent = scene.connect();
  silent.say({ kind: 'ping', nonce: 1 });
  const twice = scene.attach('ann');
  twice.hello(clientIdOf('bob'));
  const old = scene.connect();
  old.say({ kind: 'hello', version: 0, secret: new Uint8Array(32), agent: '' });
  const short = scene.connect();
  short.hello(clientIdOf('cid'), 'short');
  const garbled = scene.connect();
  scene.host.refusedFrame(garbled.connection, { code: 'MALFORMED', message: 'unknown kind' });
  scene.run();
  expect([silent, twice, old, short, garbled].map(({ closedWith }) => closedWith)).toEqual([
    'NO_HELLO',
    'ALREADY_ATTACHED',
    'VERSION',
    'MALFORMED',
    'MALFORMED',
  ]);
});

test('what comes with or behind the hello waits for the session', () => {
  const scene = new Scene();
  const ann = scene.connect();
  ann.hello(clientIdOf('ann'));
  ann.join('room');
  ann.bcast('room', 'early');
  scene.run();
  expect(ann.kinds()).toEqual(['welcome', 'transfer_begin', 'transfer_end', 'ack']);
  expect(scene.others.map(({ kind }) => kind)).toEqual(['pause', 'resume']);
});

test('connections beyond the limit are sent away', () => {
  const scene = new Scene({ connectionsMax: 2 });
  scene.connect();
  scene.connect();
  const third = scene.connect();
  scene.run();
  expect(third.last('goodbye')).toMatchObject({ code: 'LIMIT', retryAfterMs: 5_000 });
});
