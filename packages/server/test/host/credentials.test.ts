import type { Part } from '@choir/protocol';
import { type Grant, verbs } from '@choir/server/host';
import { expect, test } from 'vitest';
import { clientIdOf, nameOf } from '../names.ts';
import type { Participant } from './participant.ts';
import { Scene } from './scene.ts';

const all: readonly Grant[] = [{ groups: '*', verbs }];
const ann = clientIdOf('ann');

function guarded(settings = {}): Scene {
  return new Scene({ asksForCredentials: true, ...settings });
}

/** Connected and attached as ann, with these grants. */
function enter(scene: Scene, grants: readonly Grant[], expiresInMs?: number): Participant {
  const participant = scene.connect();
  participant.enter(scene.token('ann@home', grants, expiresInMs), ann);
  scene.run();
  return participant;
}

function part(group: string, text: string): Part {
  return {
    kind: 'bcast',
    group: nameOf(group),
    exclusive: false,
    data: new TextEncoder().encode(text),
  };
}

test('I1: without credentials nobody is welcomed, and nothing is logged', () => {
  const scene = guarded();
  const { seq } = scene.contents.head;
  const stranger = scene.attach('ann');
  expect(stranger.last('goodbye')).toMatchObject({ code: 'UNAUTHORIZED' });
  expect(stranger.last('goodbye').retryAfterMs).toBeUndefined();
  expect(scene.contents.head.seq).toBe(seq);
});

test('I2: a token that holds is answered before the welcome; one that does not is the end', () => {
  const scene = guarded();
  const good = enter(scene, all);
  expect(good.kinds()).toEqual(['authorized', 'welcome']);
  expect(good.last('authorized')).toMatchObject({ subject: 'ann@home', expiresInMs: 3_600_000 });
  const bad = scene.connect();
  bad.enter('forged', clientIdOf('bob'));
  bad.join('room');
  scene.run();
  expect(bad.kinds()).toEqual(['goodbye']);
  expect(bad.closedWith).toBe('UNAUTHORIZED');
});

test('I2: a server that asks for no credentials takes no notice of them', () => {
  const scene = new Scene();
  const client = scene.connect();
  client.enter('whatever', ann);
  scene.run();
  expect(client.kinds()).toEqual(['welcome']);
});

test('I2: a token that has expired is one that the client may replace', () => {
  const scene = guarded();
  scene.tokens.set('old', { ok: false, expired: true, message: 'The token has expired.' });
  const late = scene.connect();
  late.enter('old', ann);
  scene.run();
  expect(late.last('goodbye')).toMatchObject({ code: 'CREDENTIALS_EXPIRED', retryAfterMs: 0 });
});

test('what comes behind a token waits for the verdict, and reading with it', () => {
  const scene = guarded();
  scene.verifyingHeld = true;
  const client = scene.connect();
  client.enter(scene.token('ann@home', all), ann);
  client.join('room');
  scene.run();
  expect(client.kinds()).toEqual([]);
  expect(scene.others.map(({ kind }) => kind)).toEqual(['pause']);
  scene.verifyingHeld = false;
  scene.run();
  expect(client.kinds()).toEqual(['authorized', 'welcome', 'transfer_begin', 'transfer_end']);
  expect(scene.others.map(({ kind }) => kind)).toEqual(['pause', 'resume']);
});

test('who leaves while a token is verified leaves nothing behind', () => {
  const scene = guarded();
  scene.verifyingHeld = true;
  const client = scene.connect();
  client.enter(scene.token('ann@home', all), ann);
  scene.run();
  client.drop();
  scene.verifyingHeld = false;
  scene.run();
  expect(client.kinds()).toEqual([]);
  expect(enter(scene, all).of('welcome')).toHaveLength(1);
});

test('tokens are no substitute for hello', () => {
  const scene = guarded({ helloMs: 5_000 });
  const client = scene.connect();
  client.say({ kind: 'credentials', token: scene.token('ann@home', all) });
  scene.advance(6_000);
  expect(client.closedWith).toBe('NO_HELLO');
  const early = scene.connect();
  early.say({ kind: 'credentials', token: scene.token('ann@home', all) });
  early.join('room');
  scene.run();
  expect(early.closedWith).toBe('NO_HELLO');
});

test('I3: an id belongs to its secret and to its subject', () => {
  const scene = guarded();
  enter(scene, all).drop();
  scene.run();
  const other = scene.connect();
  other.enter(scene.token('bob@home', all), ann);
  scene.run();
  expect(other.closedWith).toBe('WRONG_SECRET');
  scene.restart({ asksForCredentials: false });
  expect(scene.attach('ann').closedWith).toBe('WRONG_SECRET');
  scene.restart({ asksForCredentials: true });
  expect(enter(scene, all).of('welcome')).toHaveLength(1);
});

test('I4: what is not granted is refused, nothing of it is logged, nobody hears of it', () => {
  const scene = guarded();
  const bob = scene.connect();
  bob.enter(scene.token('bob@home', all), clientIdOf('bob'));
  scene.run();
  bob.join('team/secret');
  scene.run();
  const client = enter(scene, [{ groups: 'team/open', verbs: ['broadcast'] }]);
  const { seq } = scene.contents.head;
  bob.forget();
  client.bcast('team/secret', 'hello');
  client.submit('team/open', {
    kind: 'message',
    parts: [part('team/open', 'both'), part('team/secret', 'both')],
  });
  client.join('team/secret');
  client.watch('team/secret', 'everything');
  client.read('team/secret');
  const data = new Uint8Array(1);
  client.say({ kind: 'volatile', group: nameOf('team/secret'), data });
  scene.run();
  expect(client.of('refused').map(({ code, at }) => [code, at])).toEqual([
    ['FORBIDDEN', undefined],
    ['FORBIDDEN', undefined],
  ]);
  const codes = client.of('request_refused').map(({ code }) => code);
  expect(codes).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
  expect(scene.contents.head.seq).toBe(seq);
  expect(bob.kinds()).toEqual([]);
  const body = { kind: 'message', parts: [part('team/open', 'granted')] } as const;
  client.submit('team/open', body, { localId: 3, previous: 0 });
  scene.run();
  expect(client.of('ack')).toHaveLength(1);
});

test('I4: what took effect is answered as it was, whatever is granted by then (A6)', () => {
  const scene = guarded();
  const client = enter(scene, all);
  client.bcast('room', 'once');
  scene.run();
  const { at } = client.last('ack');
  client.drop();
  scene.run();
  const back = enter(scene, [{ groups: 'elsewhere', verbs: ['join'] }]);
  const body = { kind: 'message', parts: [part('room', 'once')] } as const;
  back.submit('room', body, { localId: 1, previous: 0 });
  back.submit('room', body, { localId: 2, previous: 1 });
  scene.run();
  expect(back.last('ack').at).toEqual(at);
  expect(back.of('refused')).toMatchObject([{ localId: 2, code: 'FORBIDDEN' }]);
});

test('the verbs of tokens are those of administrators, too', () => {
  const scene = guarded();
  const client = enter(scene, [{ groups: 'room', verbs: ['join', 'checkpoint', 'admin'] }]);
  client.join('room');
  scene.run();
  client.checkpoint('room', { plan: 'new' });
  client.submit('room', { kind: 'delete' });
  scene.run();
  expect(client.of('refused')).toEqual([]);
  expect(client.events()).toContain('group_deleted');
});

test('a client that is named as administrator needs a token all the same', () => {
  const scene = guarded({ admins: new Set([ann]) });
  const client = enter(scene, [{ groups: 'room', verbs: ['join'] }]);
  client.submit('room', { kind: 'delete' });
  scene.run();
  expect(client.last('refused').code).toBe('FORBIDDEN');
});

test('I5: when the credentials expire, the connection ends, and the client may come back', () => {
  const scene = guarded();
  const client = enter(scene, all, 60_000);
  const listener = scene.connect();
  listener.enter(scene.token('bob@home', all), clientIdOf('bob'));
  scene.advance(55_000);
  expect(client.closedWith).toBe(null);
  scene.advance(7_000);
  expect(client.last('goodbye')).toMatchObject({ code: 'CREDENTIALS_EXPIRED', retryAfterMs: 0 });
  expect(listener.closedWith).toBe(null);
});

test('I6: what was refused stays refused, also when a copy of it comes behind newer credentials', () => {
  const scene = guarded();
  const client = enter(scene, [{ groups: 'room', verbs: ['join'] }]);
  client.join('room');
  client.bcast('room', 'refused');
  client.say({ kind: 'credentials', token: scene.token('ann@home', all) });
  client.repeat();
  scene.run();
  expect(client.of('refused')).toMatchObject([
    { localId: 1, code: 'FORBIDDEN' },
    { localId: 1, code: 'FORBIDDEN' },
  ]);
  const body = { kind: 'message', parts: [part('room', 'granted')] } as const;
  client.submit('room', body, { localId: 2, previous: 0 });
  scene.run();
  expect(client.events().filter((kind) => kind === 'bcast')).toHaveLength(1);
});

test('I6: newer credentials of the same subject hold in place of the older ones', () => {
  const scene = guarded();
  const client = enter(scene, [{ groups: 'room', verbs: ['join'] }], 60_000);
  client.join('room');
  client.bcast('room', 'too early');
  client.say({ kind: 'credentials', token: scene.token('ann@home', all, 600_000) });
  client.bcast('room', 'in time');
  scene.run();
  expect(client.of('refused').map(({ code }) => code)).toEqual(['FORBIDDEN']);
  scene.advance(120_000);
  expect(client.closedWith).toBe(null);
});

test('I6: newer credentials of another subject are the end', () => {
  const scene = guarded();
  const client = enter(scene, all);
  client.say({ kind: 'credentials', token: scene.token('bob@home', all) });
  scene.run();
  expect(client.closedWith).toBe('UNAUTHORIZED');
});

test('I6: who may no longer follow what it follows is ended, and refused the join afterwards', () => {
  const narrow: readonly Grant[] = [{ groups: 'other', verbs }];
  const member = (client: Participant): unknown => client.join('room');
  const watcher = (client: Participant): void => client.watch('room', 'members');
  for (const follow of [member, watcher]) {
    const scene = guarded();
    const client = enter(scene, all);
    follow(client);
    // In the same frame: the join is still under way when the token comes.
    client.say({ kind: 'credentials', token: scene.token('ann@home', narrow) });
    scene.run();
    expect(client.last('goodbye')).toMatchObject({ code: 'FORBIDDEN', retryAfterMs: 0 });
    const back = enter(scene, narrow);
    follow(back);
    scene.run();
    expect(back.last('request_refused').code).toBe('FORBIDDEN');
  }
});
