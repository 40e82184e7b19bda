import type { JournalCommit } from '@choir/journal';
import { encodeOrdered } from '@choir/ordering';
import { expect, test } from 'vitest';
import { clientIdOf } from '../names.ts';
import { textsOf } from './folding.ts';
import { Scene } from './scene.ts';

function commitsOf(scene: Scene): JournalCommit[] {
  return scene.requests.filter((request) => request.kind === 'commit');
}

test('nothing is sent before it is committed (C1)', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  ann.forget();
  scene.journalHeld = true;
  ann.bcast('room', 'x');
  ann.bcast('elsewhere', 'y');
  scene.run();
  expect(ann.messages).toEqual([]);
  scene.journalHeld = false;
  scene.run();
  expect(ann.heard()).toEqual(['x', 'ack 2']);
});

test('after a failure of the journal nothing is acknowledged any more', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  scene.journalFailure = { code: 'DISK_FULL', message: 'The disk is full.' };
  ann.bcast('room', 'lost');
  scene.run();
  for (const participant of [ann, bob]) {
    expect(participant.heard()).toEqual([]);
    expect(participant.last('goodbye')).toMatchObject({
      code: 'STORAGE',
      message: 'The server cannot store messages any more. Its disk is full.',
    });
    expect(participant.closedWith).toBe('STORAGE');
  }
  const stopped = { code: 'STORAGE', message: 'The disk is full.', failure: 'DISK_FULL' };
  expect(scene.stopped).toMatchObject(stopped);
  expect(scene.host.nextTimeout()).toBe(null);
});

test('what went wrong on the disk is told in full to the operator only', () => {
  const codes = ['DISK_FULL', 'DISK_ERROR', 'DAMAGED', 'IN_USE', 'THREAD_ENDED'] as const;
  for (const code of codes) {
    const scene = new Scene();
    const ann = scene.member('ann');
    const message = "EACCES: permission denied, open '/srv/choir/journal.db'";
    scene.journalFailure = { code, message };
    ann.bcast('room', 'lost');
    scene.turn();
    const late = scene.connect();
    scene.run();
    expect(scene.stopped).toMatchObject({ message, failure: code });
    const told = [...ann.messages, ...late.messages, scene.host.health()];
    expect(JSON.stringify(told), code).not.toContain('/srv');
    expect(scene.host.health().why).toBe(ann.last('goodbye').message);
  }
});

test('rows are stored together: after a while, or when there are many', () => {
  const scene = new Scene({ rowsDelayMs: 1_000, rowsBytes: 500 });
  const ann = scene.member('ann');
  scene.advance(1_000);
  scene.requests.length = 0;
  for (const text of ['one', 'two']) {
    ann.bcast('room', text);
    scene.run();
  }
  scene.advance(1_000);
  for (let each = 0; each < 11; each += 1) {
    ann.bcast('room', 'x'.repeat(50));
    scene.run();
  }
  expect(commitsOf(scene).flatMap(({ rows }) => (rows.length > 0 ? [rows.length] : []))).toEqual([
    2, 7,
  ]);
});

test('rows that were not stored are made again, and only these', () => {
  const scene = new Scene({ rowsDelayMs: 1_000_000 });
  const ann = scene.member('ann');
  for (let each = 0; each < 10; each += 1) {
    ann.bcast('room', `${each}`);
    scene.run();
  }
  scene.restart();
  // Storing a row twice is an error that the journal would throw.
  scene.advance(2_000_000);
  const eve = scene.attach('eve');
  eve.watch('room', 'everything', { created: 0, after: { epoch: 0, seq: 0 } });
  scene.run();
  expect(eve.heard()).toHaveLength(10);
});

test('a start from a snapshot continues as if there had been none', () => {
  const texts = [{ snapshotEntries: 7 }, { snapshotEntries: 1_000_000 }].map((settings) => {
    const scene = new Scene({ ...settings, rowsDelayMs: 1_000_000 });
    const ann = scene.member('ann');
    for (let each = 0; each < 40; each += 1) {
      ann.write('room', `object-${each % 3}`, `${each};`);
      scene.run();
    }
    const hasSnapshot = scene.contents.opened(false).snapshot !== null;
    expect(hasSnapshot).toBe(settings.snapshotEntries === 7);
    scene.restart();
    const again = scene.member('bob');
    return textsOf(again.messages);
  });
  expect(texts[0]).toEqual(texts[1]);
  expect(Object.keys(texts[0] ?? {})).toHaveLength(3);
});

test('the rows of a deleted group go, also when the server ends between', () => {
  for (const restart of [false, true]) {
    const scene = new Scene({ admins: new Set([clientIdOf('ann')]), snapshotEntries: 1 });
    const ann = scene.member('ann');
    ann.write('room', 'plan', 'x');
    scene.advance(1_000);
    expect(scene.spaces()).toHaveLength(1);
    ann.submit('room', { kind: 'delete' });
    scene.run();
    if (restart) scene.restart();
    scene.advance(1_000);
    expect(scene.spaces()).toEqual([]);
  }
});

test('an orderly end says goodbye, stores everything and leaves a snapshot', () => {
  const scene = new Scene({ rowsDelayMs: 1_000_000 });
  const ann = scene.member('ann');
  for (let each = 0; each < 10; each += 1) ann.bcast('room', `${each}`);
  scene.host.shutdown();
  scene.run();
  expect(ann.last('goodbye')).toMatchObject({ code: 'SHUTDOWN', retryAfterMs: 1_000 });
  expect(scene.stopped).toMatchObject({ code: 'SHUTDOWN' });
  const { head, applied, snapshot } = scene.contents.opened(true);
  expect(applied).toBe(head.seq);
  expect(snapshot?.seq).toBe(head.seq);
  const late = scene.connect();
  scene.run();
  expect(late.messages).toEqual([]);
  scene.restart();
  expect(scene.member('ann').kinds()).toContain('transfer_end');
});

test('a host that closes waits for its disk alone, whatever was due', () => {
  const scene = new Scene({ membershipNewsAbove: 0, messageRate: 1, messageBurst: 4 });
  const ann = scene.member('ann');
  scene.member('bob');
  for (let each = 0; each < 3; each += 1) ann.bcast('room', `${each}`);
  scene.turn();
  scene.journalHeld = true;
  scene.host.shutdown();
  scene.turn();
  scene.now += 60_000;
  expect(scene.host.nextTimeout()).toBe(null);
  scene.journalHeld = false;
  scene.run();
  expect(scene.stopped).toMatchObject({ code: 'SHUTDOWN' });
});

test('a snapshot of a later version stops the host before it does anything', () => {
  const scene = new Scene({ snapshotEntries: 1 });
  scene.attach('ann');
  scene.run();
  const { snapshot } = scene.contents.opened(true);
  if (snapshot === null) throw new Error('there is no snapshot');
  const { seq } = scene.contents.head;
  const bytes = new Uint8Array(snapshot.bytes);
  bytes.fill(255, Math.max(0, bytes.length - 40));
  const commit = { kind: 'commit', entries: [], rows: [], applied: seq } as const;
  scene.contents.apply({ ...commit, snapshot: { seq: snapshot.seq, bytes } });
  scene.requests.length = 0;
  scene.restart();
  expect(scene.stopped).toMatchObject({ code: 'STORAGE' });
});

test('a command of a later version stops the host before it takes anything', () => {
  const scene = new Scene();
  scene.member('ann').bcast('room', 'one');
  scene.run();
  const previous = scene.contents.head;
  const at = { ...previous, seq: previous.seq + 1 };
  const bytes = encodeOrdered({
    kind: 'entry',
    at,
    previous,
    time: Number.MAX_SAFE_INTEGER,
    source: 'a later one',
    n: 1,
    bytes: new Uint8Array([99]),
  });
  const { applied } = scene.contents.opened(false);
  scene.contents.apply({ kind: 'commit', entries: [{ ...at, bytes }], rows: [], applied });
  scene.restart();
  const message = `Entry ${at.seq} of the log is not a command of this version.`;
  expect(scene.stopped).toMatchObject({ code: 'STORAGE', message, failure: null });
  expect(scene.host.health().writable).toBe(false);
});
