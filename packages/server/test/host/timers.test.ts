import { expect, test } from 'vitest';
import { objectOf } from '../names.ts';
import type { Participant } from './participant.ts';
import { Scene } from './scene.ts';

/** Commands that the ordering takes before it waits for the journal. */
const takenMax = 16_384;

function lock(participant: Participant, graceMs = 5_000, wait = false): void {
  const objects = [objectOf('plan')];
  participant.submit('room', { kind: 'lock_request', objects, wait, graceMs });
}

test('a lock outlives its holder for the grace period, not longer (K4)', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  lock(ann);
  scene.run();
  ann.drop();
  scene.advance(4_999);
  expect(bob.events()).not.toContain('lock_released');
  scene.advance(2);
  expect(bob.events()).toContain('lock_released');
});

test('who rejoins in time keeps the lock (K6)', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  lock(ann);
  scene.run();
  ann.drop();
  scene.advance(4_000);
  scene.member('ann');
  scene.advance(100_000);
  expect(bob.events()).not.toContain('lock_released');
});

test('what was received goes before what is due', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  lock(ann);
  scene.run();
  ann.drop();
  scene.run();
  const again = scene.attach('ann');
  // Both at the same moment: the rejoin is there when the grace ends.
  scene.now += 5_000;
  again.join('room');
  scene.run();
  expect(bob.events()).not.toContain('lock_released');
});

test('grace and absence begin anew when the server does (K5, M4)', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  lock(ann);
  scene.run();
  scene.now += 60_000_000;
  scene.restart();
  const bob = scene.member('bob');
  expect(bob.last('transfer_begin').members).toContainEqual({
    clientId: 'ann',
    name: 'somebody',
    status: 'disconnected_member',
  });
  scene.advance(4_900);
  expect(bob.events()).toEqual([]);
  scene.advance(200);
  expect(bob.events()).toEqual(['lock_released']);
  scene.advance(60_000);
  expect(bob.events()).toEqual(['lock_released', 'non_member']);
});

test('a waiting request is granted when the lock ends', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  lock(ann);
  lock(bob, 5_000, true);
  scene.run();
  expect(bob.of('waiting')).toHaveLength(1);
  ann.drop();
  scene.advance(6_000);
  expect(bob.events()).toEqual(expect.arrayContaining(['lock_released', 'lock_granted']));
});

test('an identity is retired after thirty days, a timer longer than 2^31 milliseconds', () => {
  const scene = new Scene();
  const ann = scene.attach('ann');
  ann.drop();
  scene.advance(30 * 24 * 3_600_000 - 1_000);
  scene.attach('ann').drop();
  scene.advance(30 * 24 * 3_600_000 - 1_000);
  const back = scene.attach('ann');
  expect(back.closedWith).toBe(null);
  back.drop();
  scene.advance(30 * 24 * 3_600_000 + 1_000);
  expect(scene.attach('ann').closedWith).toBe('EXPIRED');
});

test('what is due while the ordering takes no more waits for it, and asks for no turn meanwhile', () => {
  const scene = new Scene({ owedMax: 2 * takenMax, messageBurst: 2 * takenMax });
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  lock(bob);
  scene.run();
  bob.drop();
  scene.run();
  scene.journalHeld = true;
  scene.requests.length = 0;
  for (let each = 0; each < takenMax; each += 1) ann.bcast(`many/${each % 64}`, '');
  scene.turn();
  scene.now += 5_000;
  scene.turn();
  const entries = scene.requests.map((each) => (each.kind === 'commit' ? each.entries.length : 0));
  expect(entries.reduce((sum, count) => sum + count, 0)).toBe(takenMax);
  expect(scene.host.nextTimeout()).toBeGreaterThan(scene.now);
  scene.journalHeld = false;
  scene.run();
  expect(ann.events()).toContain('lock_released');
});
