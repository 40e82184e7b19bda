import { limits } from '@choir/protocol';
import { expect, test } from 'vitest';
import type { Participant } from './participant.ts';
import { Scene } from './scene.ts';

function settledBy(participant: Participant): number {
  return participant.of('ack').length;
}

test('what the ordering cannot take yet is held, reading stops, and nothing is lost (O8)', () => {
  // 17 clients, each with windows in four groups, are more than the ordering takes at once.
  const scene = new Scene({ owedMax: 100_000 });
  const clients = Array.from({ length: 17 }, (_, each) => scene.attach(`client-${each}`));
  scene.journalHeld = true;
  const perGroup = limits.sendWindow;
  for (const client of clients) {
    for (const group of ['a', 'b', 'c', 'd']) {
      for (let each = 0; each < perGroup; each += 1) client.bcast(group, 'x');
    }
    scene.run();
  }
  const pauses = scene.others.filter(({ kind }) => kind === 'pause');
  expect(pauses.length).toBeGreaterThan(0);
  scene.journalHeld = false;
  scene.run();
  for (const client of clients) expect(settledBy(client)).toBe(4 * perGroup);
  const resumes = scene.others.filter(({ kind }) => kind === 'resume');
  expect(resumes).toHaveLength(pauses.length);
});

test('a chain has a window; what is beyond is refused and not logged', () => {
  const scene = new Scene();
  const ann = scene.attach('ann');
  scene.journalHeld = true;
  for (let each = 0; each < limits.sendWindow + 2; each += 1) ann.bcast('room', 'x');
  scene.run();
  const [first, second] = ann.of('refused');
  expect(first).toMatchObject({ localId: limits.sendWindow + 1, code: 'WINDOW' });
  expect(first?.at).toBe(undefined);
  expect(second).toMatchObject({ code: 'WINDOW' });
  scene.journalHeld = false;
  scene.run();
  expect(settledBy(ann)).toBe(limits.sendWindow);
});

test('a connection is owed only so much at a time', () => {
  const scene = new Scene({ owedMax: 10 });
  const ann = scene.attach('ann');
  scene.requests.length = 0;
  scene.journalHeld = true;
  for (let each = 0; each < 30; each += 1) ann.bcast('room', 'x');
  scene.run();
  expect(scene.others.map(({ kind }) => kind)).toEqual(['pause']);
  expect(commits(scene)).toBe(10);
  scene.journalHeld = false;
  scene.run();
  expect(settledBy(ann)).toBe(30);
  expect(scene.others.at(-1)?.kind).toBe('resume');
});

test('who does not read its answers is not read either', () => {
  const scene = new Scene({ sendBufferBytes: 100 });
  const ann = scene.attach('ann');
  ann.reading = false;
  for (let requestId = 0; requestId < 1_000; requestId += 1) ann.say({ kind: 'status', requestId });
  scene.run();
  expect(ann.unreadBytes).toBeLessThan(400);
  expect(scene.others.at(-1)?.kind).toBe('pause');
  for (let each = 0; each < 1_000; each += 1) {
    ann.readOn();
    scene.run();
  }
  expect(ann.of('status')).toHaveLength(1_000);
});

test('a driver that reads on all the same is cut off at the bound', () => {
  const scene = new Scene({ heldMessagesMax: 50, owedMax: 5 });
  const ann = scene.attach('ann');
  scene.journalHeld = true;
  for (let each = 0; each < 60; each += 1) ann.bcast('room', 'x');
  scene.run();
  expect(ann.closedWith).toBe('LIMIT');
});

test('a submission that can follow nothing is sent back at once', () => {
  const scene = new Scene();
  const ann = scene.attach('ann');
  ann.bcast('room', 'one');
  scene.run();
  const { seq } = scene.contents.head;
  ann.submit('room', { kind: 'leave' }, { localId: 9, previous: 7 });
  scene.run();
  expect(ann.last('resend')).toMatchObject({ group: 'room', mark: 1 });
  expect(scene.contents.head.seq).toBe(seq);
});

function commits(scene: Scene): number {
  let entries = 0;
  for (const request of scene.requests) {
    if (request.kind === 'commit') entries += request.entries.length;
  }
  return entries;
}
