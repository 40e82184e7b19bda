import type { JournalCommit, JournalOpened, JournalReply } from '@choir/journal';
import { expect, test } from 'vitest';
import { Random, Scheduler, SimulatedDisk, SimulatedJournal } from '../src/index.ts';

type Life = {
  readonly journal: SimulatedJournal;
  readonly opened: JournalOpened;
  readonly replies: JournalReply[];
};

function diskOf(seed: number | string): SimulatedDisk {
  return new SimulatedDisk(new Scheduler(), new Random(seed));
}

function open(disk: SimulatedDisk): Life {
  const replies: JournalReply[] = [];
  let opened: JournalOpened | null = null;
  const journal = new SimulatedJournal(disk, {
    opened: (opening) => {
      if (opening.ok) opened = opening.opened;
    },
    reply: (reply) => replies.push(reply),
  });
  disk.scheduler.run(disk.scheduler.now + 100);
  if (opened === null) throw new Error('did not open');
  return { journal, opened, replies };
}

function commit(seq: number, count = 1, space?: number): JournalCommit {
  const entries = Array.from({ length: count }, (_, index) => ({
    seq: seq + index,
    epoch: 1,
    bytes: new Uint8Array([seq + index]),
  }));
  const rows =
    space === undefined
      ? []
      : entries.map((entry) => ({ space, seq: entry.seq, bytes: entry.bytes }));
  return { kind: 'commit', entries, rows, applied: space === undefined ? 0 : seq + count - 1 };
}

const committed = (replies: readonly JournalReply[]): number[] =>
  replies.flatMap((reply) => (reply.kind === 'committed' ? [reply.head] : []));

test('J1 replies come in the order of the requests, each with its own end', () => {
  const disk = diskOf(1);
  const { journal, replies } = open(disk);
  for (let seq = 1; seq <= 20; seq += 2) journal.request(commit(seq, 2));
  journal.request({ kind: 'read-entries', after: 18, maxBytes: 100 });
  disk.scheduler.run(1_000);
  expect(committed(replies)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
  expect(replies.at(-1)).toMatchObject({ kind: 'entries', entries: [{ seq: 19 }, { seq: 20 }] });
});

test('requests that arrive during a sync share the next one', () => {
  const disk = diskOf(2);
  const { journal, replies } = open(disk);
  const before = disk.scheduler.fired;
  for (let seq = 1; seq <= 500; seq += 1) journal.request(commit(seq));
  disk.scheduler.run(1_000);
  expect(committed(replies)).toHaveLength(500);
  expect(disk.scheduler.fired - before).toBe(2);
});

test('J2 J5 at a loss of power all that was acknowledged is there, and a prefix of the rest', () => {
  const kept = new Set<number>();
  for (let seed = 0; seed < 300; seed += 1) {
    const disk = diskOf(seed);
    const { journal, replies } = open(disk);
    for (let seq = 1; seq <= 12; seq += 3) journal.request(commit(seq, 3));
    disk.scheduler.run(disk.scheduler.now + disk.random.between(0, 3));
    const acknowledged = committed(replies).at(-1) ?? 0;
    journal.end('power');
    const { opened } = open(disk);
    expect(opened.clean).toBe(false);
    expect(opened.head.seq % 3, `seed ${seed}`).toBe(0);
    expect(opened.head.seq, `seed ${seed}`).toBeGreaterThanOrEqual(acknowledged);
    kept.add(opened.head.seq - acknowledged);
  }
  expect([...kept].sort((one, other) => one - other)).toEqual([0, 3, 6, 9]);
});

test('S3 what was written survives the end of the process, what was waiting does not', () => {
  const disk = diskOf(3);
  const { journal } = open(disk);
  journal.request(commit(1));
  disk.scheduler.run(disk.scheduler.now + 0.1);
  journal.request(commit(2));
  journal.end('process');
  expect(open(disk).opened.head.seq).toBe(1);
});

test('J4 a failing disk closes the journal for good; after repair the acknowledged are there', () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const disk = diskOf(seed);
    const { journal, replies } = open(disk);
    journal.request(commit(1));
    disk.scheduler.run(200);
    disk.fail(seed % 2 === 0 ? 'DISK_FULL' : 'DISK_ERROR');
    journal.request(commit(2));
    disk.scheduler.run(300);
    disk.repair();
    journal.request(commit(3));
    journal.request({ kind: 'read-entries', after: 0, maxBytes: 10 });
    disk.scheduler.run(400);
    expect(replies.map((reply) => reply.kind)).toEqual(['committed', 'failed', 'failed', 'failed']);
    journal.end('process');
    const { opened } = open(disk);
    expect([1, 2], `seed ${seed}`).toContain(opened.head.seq);
  }
});

test('an orderly close answers everything first and is remembered once', () => {
  const disk = diskOf(4);
  const { journal, replies, opened } = open(disk);
  expect(opened.clean).toBe(false);
  let closed = false;
  journal.request(commit(1));
  journal.close(() => {
    closed = true;
  });
  journal.request(commit(2));
  disk.scheduler.run(1_000);
  expect(closed).toBe(true);
  expect(replies.map((reply) => reply.kind)).toEqual(['committed', 'failed']);
  const second = open(disk);
  expect(second.opened).toMatchObject({ clean: true, head: { seq: 1, epoch: 1 } });
  second.journal.end('process');
  expect(open(disk).opened.clean).toBe(false);
});

test('an opening refuses what is damaged or in use, and names it', () => {
  const disk = diskOf(5);
  const { journal } = open(disk);
  journal.request(commit(1, 5));
  disk.scheduler.run(1_000);
  expect(() => open(disk)).toThrow('did not open');
  journal.end('power');
  disk.damage(3);
  let seq: number | undefined;
  new SimulatedJournal(disk, {
    opened: (opening) => {
      if (!opening.ok) seq = opening.failure.seq;
    },
    reply: () => undefined,
  });
  disk.scheduler.run(2_000);
  expect(seq).toBe(3);
});

test('rows are read back by space and position, and forgotten with their space', () => {
  const disk = diskOf(6);
  const { journal, replies } = open(disk);
  journal.request(commit(1, 10, 7));
  journal.request(commit(11, 1, 8));
  journal.request({ kind: 'read-rows', space: 7, after: 2, upTo: 9, maxBytes: 3 });
  journal.request({ kind: 'read-rows', space: 7, after: 5, upTo: 9, maxBytes: 100 });
  journal.request({ kind: 'read-rows-at', space: 7, seqs: [9, 2, 11], maxBytes: 100 });
  journal.request({ ...commit(12), applied: 11, forget: [7] });
  journal.request({ kind: 'read-rows', space: 7, after: 0, upTo: 99, maxBytes: 100 });
  disk.scheduler.run(1_000);
  const rows = replies.flatMap((reply) =>
    reply.kind === 'rows' ? [{ seqs: reply.rows.map((row) => row.seq), done: reply.done }] : [],
  );
  expect(rows).toEqual([
    { seqs: [3, 4, 5], done: false },
    { seqs: [6, 7, 8, 9], done: true },
    { seqs: [9, 2], done: true },
    { seqs: [], done: true },
  ]);
  journal.end('process');
  expect(open(disk).opened.applied).toBe(11);
});

test('J3 a commit that leaves a hole is a bug of the owner', () => {
  const disk = diskOf(7);
  const { journal } = open(disk);
  journal.request(commit(1));
  expect(() => journal.request(commit(3))).toThrow('entry 3 follows 1');
});

test('rows move together with what is applied, and neither goes back', () => {
  const disk = diskOf(8);
  const { journal } = open(disk);
  journal.request(commit(1, 3, 7));
  expect(() => journal.request(commit(4))).toThrow('applied 0 after 3');
  expect(() => journal.request({ ...commit(4, 1, 7), applied: 3 })).toThrow('a row at 4');
});
