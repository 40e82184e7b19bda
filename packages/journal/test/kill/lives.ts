/** Starting owners that end before their time, and judging what they leave. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { type JournalEntry, type JournalFailure, readDamaged } from '../../src/index.ts';
import { entryOfLife, lifeOf } from './life.ts';

const OWNER = fileURLToPath(new URL('./steady-owner.ts', import.meta.url));

/** What an owner said before it ended. */
export type Ended = {
  /** The last acknowledged position, or the one that it found at its opening. */
  readonly acknowledged: number;
  /** The failure that it was told, at its opening or later. */
  readonly failure: JournalFailure | undefined;
  readonly signal: NodeJS.Signals | null;
};

export function killedAfter(reports: number): LifeOptions['atReports'] & object {
  return { reports, act: (owner) => owner.kill('SIGKILL') };
}

export type LifeOptions = {
  readonly directory: string;
  readonly life: number;
  /** What happens to it after so many reports; by default it must end in another way. */
  readonly atReports?: { readonly reports: number; readonly act: (owner: ChildProcess) => void };
  /** A command that runs the owner, such as a tracer. */
  readonly under?: readonly string[];
};

/** Runs an owner to its end. */
export async function liveOnce({
  directory,
  life,
  atReports,
  under = [],
}: LifeOptions): Promise<Ended> {
  const [command, ...args] = [...under, process.execPath, OWNER, directory, String(life)];
  if (command === undefined) throw new Error('nothing to run');
  // A group of its own: a tracer that is killed would let go of what it traces.
  const owner = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  onTestFinished(() => endGroup(owner));
  const closed = once(owner, 'close');
  let acknowledged = 0;
  let failure: JournalFailure | undefined;
  let seen = 0;
  for await (const line of createInterface({ input: owner.stdout })) {
    const report = JSON.parse(line);
    acknowledged = report.acknowledged ?? report.opened ?? acknowledged;
    failure ??= report.failure;
    seen += 1;
    if (seen === atReports?.reports) atReports.act(owner);
  }
  await closed;
  return { acknowledged, failure, signal: owner.signalCode };
}

/** Whatever a test that failed has left running. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
}

/**
 * The journal's entries, read without opening it. A directory in which nothing was made yet, because
 * its owner died first, holds none.
 */
export function readAll(directory: string): JournalEntry[] {
  const entries: JournalEntry[] = [];
  const reading = readDamaged(directory);
  let step = reading.next();
  for (; !step.done; step = reading.next()) entries.push(step.value);
  const failure = step.value;
  if (entries.length === 0 && failure?.message.includes('journal.db is missing')) return [];
  expect(failure).toBeNull();
  return entries;
}

/** The life that wrote each position that anybody may have seen; a position has only ever one. */
export class Writers {
  readonly #lives: number[] = [];

  /** Whatever a life acknowledged or an opening has shown is final. */
  settle(upTo: number, life: number): void {
    while (this.#lives.length < upTo) this.#lives.push(life);
  }

  get settled(): number {
    return this.#lives.length;
  }

  judge(entries: readonly JournalEntry[], where: string): void {
    expect(entries.length, where).toBeGreaterThanOrEqual(this.settled);
    for (const [index, entry] of entries.entries()) {
      const expected = entryOfLife(this.#lives[index] ?? lifeOf(entry.bytes), index + 1);
      const same = entry.seq === expected.seq && Buffer.compare(entry.bytes, expected.bytes) === 0;
      // A matcher for each of some hundred thousand entries would take longer than all the lives.
      if (!same) expect(entry, where).toEqual(expected);
    }
  }
}
