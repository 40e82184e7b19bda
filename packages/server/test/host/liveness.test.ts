import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

test('a silent connection is probed, and closed as IDLE when nothing answers', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  ann.reachable = false;
  for (let each = 0; each < 4; each += 1) {
    scene.advance(10_000);
    bob.say({ kind: 'ping', nonce: each });
  }
  expect(ann.last('goodbye')).toMatchObject({ code: 'IDLE', retryAfterMs: 0 });
  expect(ann.closedWith).toBe('IDLE');
  expect(bob.closedWith).toBe(null);
  expect(bob.of('pong').map(({ nonce }) => nonce)).toEqual([0, 1, 2]);
  expect(bob.events()).toEqual(['disconnected_member']);
});

test('an answer to the probe keeps a connection', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  scene.advance(3_600_000);
  expect(ann.closedWith).toBe(null);
});

test('who answers is kept also where silence is short, as short as an operator may have it', () => {
  const scene = new Scene({ idleMs: 3_000, heartbeatMs: 1_000 });
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  scene.advance(60_000);
  expect(ann.closedWith).toBe(null);
  bob.reachable = false;
  scene.advance(4_000);
  expect(bob.closedWith).toBe('IDLE');
});

test('a connection that does not say hello is closed, alive or not', () => {
  const scene = new Scene();
  const silent = scene.connect();
  scene.advance(31_000);
  expect(silent.closedWith).toBe('NO_HELLO');
});

test('an idle host with no connection asks for nothing', () => {
  const scene = new Scene();
  scene.connect().drop();
  scene.run();
  expect(scene.host.nextTimeout()).toBe(null);
});
