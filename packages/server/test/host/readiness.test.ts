import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

test('a host that closes takes its last messages, and welcomes nobody', () => {
  const scene = new Scene();
  scene.member('ann');
  expect(scene.host.readiness()).toEqual({ ready: true, why: '' });
  scene.host.shutdown();
  expect(scene.host.readiness()).toMatchObject({ ready: false, why: expect.stringMatching(/./) });
});

test('a host that can store no more welcomes nobody', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  scene.journalFailure = { code: 'DISK_FULL', message: 'The disk is full.' };
  ann.bcast('room', 'lost');
  scene.run();
  expect(scene.host.readiness()).toEqual({ ready: false, why: scene.host.health().why });
});

test('figures count what was done in this life, and each reader of a delivery', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  const before = { ...scene.host.figures().tally };
  ann.bcast('room', 'x');
  bob.bcast('room', 'y');
  scene.run();
  const { tally, connections, sessions, slowReaders } = scene.host.figures();
  expect(tally.deliveries - before.deliveries).toBe(4);
  expect(tally.acknowledged - before.acknowledged).toBe(2);
  expect(tally.entries - before.entries).toBe(2);
  expect({ connections, sessions, slowReaders }).toEqual({
    connections: 2,
    sessions: 2,
    slowReaders: 0,
  });
});
