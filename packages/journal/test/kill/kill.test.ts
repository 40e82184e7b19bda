/**
 * C2, C4: a process that is killed at any moment loses nothing it acknowledged, and no position is
 * ever used for two different entries that anybody could have seen. The next one opens at once.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Random } from '@choir/testkit';
import { expect, test } from 'vitest';
import { type JournalEntry, openJournal, readDamaged } from '../../src/index.ts';
import { scratchDirectory } from '../data-directory.ts';
import { entryOfLife, lifeOf, SPACES } from './life.ts';

const SEED = Number(process.env['CHOIR_SEED'] ?? 1);
const KILLS = Number(process.env['CHOIR_KILLS'] ?? 30);
const OWNER = fileURLToPath(new URL('./steady-owner.ts', import.meta.url));

test(`${KILLS} kills in a row lose nothing acknowledged (seed ${SEED})`, {
  timeout: 2_000 + KILLS * 2_000,
}, async () => {
  const directory = scratchDirectory();
  const random = new Random(SEED);
  /** The life that wrote each acknowledged position; index 0 is unused. */
  const writers: number[] = [0];
  for (let life = 1; life <= KILLS; life += 1) {
    const reports = drawReports(random);
    const acknowledged = await liveUntilKilled(directory, life, reports);
    while (writers.length <= acknowledged) writers.push(life);

    const entries = readAll(directory);
    const where = `seed ${SEED}, life ${life}, killed after ${reports} reports`;
    expect(entries.length, where).toBeGreaterThanOrEqual(acknowledged);
    judgeEntries(entries, writers, where);
    // What an opening shows may be told to others, and is final from then on.
    while (writers.length <= entries.length) writers.push(life);
  }
  await judgeRows(directory, writers.length - 1);
});

/** Kills fall on the start, on the opening, on the first commits, and anywhere later. */
function drawReports(random: Random): number {
  return random.chance(0.2) ? random.int(1, 3) : random.int(4, 800);
}

/** Runs a life, kills it after that many reports, and returns the last acknowledged position. */
async function liveUntilKilled(directory: string, life: number, reports: number): Promise<number> {
  const owner = spawn(process.execPath, [OWNER, directory, String(life)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => owner.once('close', resolve));
  let acknowledged = 0;
  let seen = 0;
  for await (const line of createInterface({ input: owner.stdout })) {
    const report: unknown = JSON.parse(line);
    acknowledged = acknowledgedIn(report) ?? acknowledged;
    seen += 1;
    if (seen === reports) owner.kill('SIGKILL');
  }
  await ended;
  expect(owner.signalCode, `life ${life} ended by itself`).toBe('SIGKILL');
  return acknowledged;
}

function acknowledgedIn(report: unknown): number | undefined {
  const { starting, opened, acknowledged } = report as Record<string, unknown>;
  if (typeof acknowledged === 'number') return acknowledged;
  if (typeof opened === 'number') return opened;
  if (typeof starting === 'number') return undefined;
  throw new Error(`the owner reported ${JSON.stringify(report)}`);
}

function readAll(directory: string): JournalEntry[] {
  const entries: JournalEntry[] = [];
  const reading = readDamaged(directory);
  let step = reading.next();
  for (; !step.done; step = reading.next()) entries.push(step.value);
  const failure = step.value;
  // A kill before the journal was made leaves nothing to read.
  if (failure !== null && entries.length === 0 && /journal.db is missing/.test(failure.message)) {
    return [];
  }
  expect(failure).toBeNull();
  return entries;
}

function judgeEntries(entries: readonly JournalEntry[], writers: readonly number[], where: string) {
  for (const [index, entry] of entries.entries()) {
    const life = writers[index + 1] ?? lifeOf(entry.bytes);
    const expected = entryOfLife(life, index + 1);
    const same = entry.seq === expected.seq && Buffer.compare(entry.bytes, expected.bytes) === 0;
    // A matcher for each of some hundred thousand entries would take longer than all the lives.
    if (!same) expect(entry, where).toEqual(expected);
  }
}

async function judgeRows(directory: string, head: number): Promise<void> {
  const result = await openJournal({ directory });
  if (!result.ok) throw new Error(result.failure.message);
  const { opened, journal } = result;
  expect(opened).toMatchObject({ head: { seq: head }, applied: head, clean: false });
  let rows = 0;
  for (let space = 0; space < SPACES; space += 1) {
    const request = { kind: 'read-rows', space, after: 0, upTo: head, maxBytes: 1e9 } as const;
    const reply = await new Promise((resolve) => journal.request(request, resolve));
    expect(reply).toMatchObject({ kind: 'rows', done: true });
    rows += (reply as { rows: unknown[] }).rows.length;
  }
  expect(rows).toBe(head);
  await journal.close();
}
