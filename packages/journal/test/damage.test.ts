/**
 * J5, J6, C14: whatever happens to stored bytes, an opening brings everything acknowledged or
 * refuses as damaged, and what precedes the damage stays readable. It never throws, never loses
 * silently, and a refusal leaves every file as it was.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@choir/testkit';
import { describe, expect, test } from 'vitest';
import type { JournalCheck, JournalEntry, JournalFailure } from '../src/index.ts';
import { checkJournal, readDamaged } from '../src/index.ts';
import { faultOf, JournalFault } from '../src/sqlite/fault.ts';
import { openStore } from '../src/sqlite/opening.ts';
import type { Store } from '../src/sqlite/store.ts';
import { type Damage, drawDamage } from './damage.ts';
import { scratchDirectory } from './data-directory.ts';
import {
  type Acknowledged,
  copyOf,
  drawCommit,
  type FilledJournal,
  fillJournals,
  readFiles,
  SPACES,
  writeFiles,
} from './filled-journal.ts';

const SEED = Number(process.env['CHOIR_SEED'] ?? 1);
const DAMAGES_PER_STATE = Number(process.env['CHOIR_DAMAGES'] ?? 50);

/** The directory, within the scratch directory, of the journal that is being judged. */
const DAMAGED = 'damaged';

describe('damage is survived or named, never passed over', () => {
  const random = new Random(SEED);
  test.for(['young', 'killed', 'copying', 'closed'])(
    'files in the state "%s"',
    // Each writes and syncs files several times, beside other tests.
    { timeout: 10_000 + 1_000 * DAMAGES_PER_STATE },
    (state) => {
      const scratch = scratchDirectory();
      const filled = fillJournals(scratch, random.fork('contents')).find(
        ({ name }) => name === state,
      );
      if (filled === undefined) throw new Error(`no journal in the state ${state}`);
      expect(judge(scratch, { what: 'nothing', files: filled.files }, filled)).toBe('whole');

      const outcomes = new Map<string, number>();
      for (let round = 0; round < DAMAGES_PER_STATE; round += 1) {
        const draw = random.fork(`${state}/${round}`);
        const damage = drawDamage(filled.files, draw);
        const outcome = attempt(scratch, damage, filled, round);
        if (outcome === 'whole' && round % 4 === 0) goOn(scratch, filled.acknowledged, draw);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      }
      console.info(`seed ${SEED}, ${state}:`, Object.fromEntries(outcomes));
      expect(outcomes.get('refused')).toBeGreaterThan(0);
    },
  );
});

type Outcome =
  /** Everything acknowledged is there. */
  | 'whole'
  /** Opened, and a later reading of rows named the damage. */
  | 'named when read'
  | 'refused';

function attempt(scratch: string, damage: Damage, filled: FilledJournal, round: number): Outcome {
  try {
    return judge(scratch, damage, filled);
  } catch (error) {
    const what = `seed ${SEED}, state ${filled.name}, round ${round}, ${damage.what}`;
    throw new Error(`${what}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function judge(scratch: string, damage: Damage, { acknowledged }: FilledJournal): Outcome {
  const directory = join(scratch, DAMAGED);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  writeFiles(directory, damage.files);
  const before = readFiles(directory);
  const check = checkJournal(directory);
  expect(readFiles(directory)).toEqual(before);
  const outcome = judgeOpening(directory, before, { acknowledged, check });
  expect(check?.failure === null, 'the check finds it whole').toBe(outcome === 'whole');
  if (outcome !== 'refused') expect(check?.complete).toBe(true);
  return outcome;
}

function judgeOpening(
  directory: string,
  before: ReadonlyMap<string, Buffer>,
  { acknowledged, check }: { acknowledged: Acknowledged; check: JournalCheck | null },
): Outcome {
  try {
    const { store, lock } = openStore(directory);
    try {
      return judgeOpened(store, acknowledged);
    } finally {
      store.abandon();
      lock.release();
    }
  } catch (error) {
    if (!(error instanceof JournalFault)) throw error;
    judgeRefusal(error.failure, acknowledged);
    expect(check?.failure).toEqual(error.failure);
    judgeUntouched(directory, before);
    const salvaged = judgeSalvage(directory, error.failure, acknowledged);
    expect(check?.head.seq).toBe(salvaged);
    if (check?.complete === true) expect(salvaged).toBe(acknowledged.entries.length);
    judgeUntouched(directory, before);
    return 'refused';
  }
}

/** What opened whole can be written to: no page that is in use was taken for a free one. */
function goOn(scratch: string, acknowledged: Acknowledged, random: Random): void {
  const directory = join(scratch, DAMAGED);
  const expected = copyOf(acknowledged);
  const writing = openStore(directory);
  for (let transaction = 0; transaction < 10; transaction += 1) {
    const commit = drawCommit(expected.entries.length, transaction, random);
    writing.store.perform([commit]);
    expected.add(commit);
  }
  writing.store.closeInOrder();
  writing.lock.release();
  const reading = openStore(directory);
  expect(judgeOpened(reading.store, expected)).toBe('whole');
  reading.store.abandon();
  reading.lock.release();
}

function judgeOpened(store: Store, acknowledged: Acknowledged): Outcome {
  const { opened } = store;
  expect(opened.applied).toBe(acknowledged.entries.length);
  expect(opened.snapshot).toEqual(acknowledged.snapshot);
  expect(readAll(store)).toEqual(acknowledged.entries);
  let outcome: Outcome = 'whole';
  for (let space = 1; space <= SPACES; space += 1) {
    const expected = acknowledged.rows.filter((row) => row.space === space);
    try {
      const upTo = Number.MAX_SAFE_INTEGER;
      const request = { kind: 'read-rows', space, after: 0, upTo, maxBytes: upTo } as const;
      expect(store.perform([request])).toEqual([{ kind: 'rows', rows: expected, done: true }]);
    } catch (error) {
      if (error instanceof Error && error.name === 'AssertionError') throw error;
      expect(faultOf(error).failure.code).toBe('DAMAGED');
      outcome = 'named when read';
    }
  }
  return outcome;
}

function readAll(store: Store): JournalEntry[] {
  const maxBytes = Number.MAX_SAFE_INTEGER;
  const [reply] = store.perform([{ kind: 'read-entries', after: 0, maxBytes }]);
  if (reply?.kind !== 'entries') throw new Error('entries were not read');
  return reply.entries.map(({ seq, epoch, bytes }) => ({ seq, epoch, bytes }));
}

function judgeRefusal(failure: JournalFailure, { entries }: Acknowledged): void {
  expect(failure.code).toBe('DAMAGED');
  expect(failure.message).toMatch(/damaged.*: .*Restore/);
  const { seq } = failure;
  if (seq === undefined) return;
  expect(seq).toBeGreaterThanOrEqual(1);
  expect(seq).toBeLessThanOrEqual(entries.length + 1);
}

/** Files that an opening makes before it looks; they say nothing of the contents. */
const MADE_ANEW = new Set(['journal.lock', 'journal.owner']);

function judgeUntouched(directory: string, before: ReadonlyMap<string, Buffer>): void {
  const contents = (files: ReadonlyMap<string, Buffer>) =>
    [...files]
      .filter(([name]) => !MADE_ANEW.has(name))
      .map(([name, b]) => [name, b.toString('base64')]);
  expect(contents(readFiles(directory))).toEqual(contents(before));
}

/** Returns how many entries were salvaged. */
function judgeSalvage(
  directory: string,
  refused: JournalFailure,
  { entries }: Acknowledged,
): number {
  const salvaged: JournalEntry[] = [];
  const reading = readDamaged(directory);
  let step = reading.next();
  for (; !step.done; step = reading.next()) salvaged.push(step.value);
  expect(salvaged).toEqual(entries.slice(0, salvaged.length));
  if (refused.seq !== undefined) expect(salvaged.length).toBeGreaterThanOrEqual(refused.seq - 1);
  expect(step.value?.code ?? 'DAMAGED').toBe('DAMAGED');
  return salvaged.length;
}
