/** One owner at a time, and never a directory that stays locked after its owner. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { type Journal, openJournal, readDamaged } from '../src/index.ts';
import { filesIn } from '../src/sqlite/files.ts';
import { copyAsKilled, scratchDirectory } from './data-directory.ts';

const OWNER = fileURLToPath(new URL('./one-owner.ts', import.meta.url));

type Verdict = { owner?: number; code?: string; message?: string };

async function startOwner(directory: string): Promise<{ child: ChildProcess; verdict: Verdict }> {
  const child = spawn(process.execPath, [OWNER, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, verdict: JSON.parse(String(line)) };
}

async function opened(directory: string): Promise<Journal> {
  const result = await openJournal({ directory });
  if (!result.ok) throw new Error(result.failure.message);
  return result.journal;
}

test('a second process is refused and told who the owner is', async () => {
  const directory = scratchDirectory();
  const { child } = await startOwner(directory);
  const { verdict } = await startOwner(directory);
  expect(verdict.code).toBe('IN_USE');
  expect(verdict.message).toContain(`process ${child.pid}`);
});

test('a killed owner leaves nothing in the way of the next', async () => {
  const directory = scratchDirectory();
  for (let life = 0; life < 3; life += 1) {
    const { child, verdict } = await startOwner(directory);
    expect(verdict).toEqual({ owner: child.pid });
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await (await opened(directory)).close();
});

test('of owners that start together exactly one wins', async () => {
  const directory = scratchDirectory();
  const started = await Promise.all([1, 2, 3, 4].map(() => startOwner(directory)));
  const owners = started.filter(({ verdict }) => verdict.owner !== undefined);
  expect(owners).toHaveLength(1);
});

test('the same process is refused a second time, and served again after the close', async () => {
  const directory = scratchDirectory();
  const journal = await opened(directory);
  const second = await openJournal({ directory });
  expect(second).toMatchObject({ ok: false, failure: { code: 'IN_USE' } });
  // A refusal must not have dropped the lock: POSIX locks fall with any descriptor of the process.
  const { verdict } = await startOwner(directory);
  expect(verdict.code).toBe('IN_USE');
  await journal.close();
  await (await opened(directory)).close();
});

test('salvage is refused while the journal is open, and keeps owners out while it reads', async () => {
  const directory = scratchDirectory();
  const journal = await opened(directory);
  const bytes = new Uint8Array(1);
  const entries = [1, 2].map((seq) => ({ seq, epoch: 1, bytes }));
  const commit = { kind: 'commit', entries, rows: [], applied: 0 } as const;
  await new Promise((resolve) => journal.request(commit, resolve));
  expect(readDamaged(directory).next()).toMatchObject({ done: true, value: { code: 'IN_USE' } });
  await journal.close();

  const reading = readDamaged(directory);
  expect(reading.next()).toMatchObject({ done: false, value: { seq: 1 } });
  expect(await openJournal({ directory })).toMatchObject({ failure: { code: 'IN_USE' } });
  reading.return(null);
  await (await opened(directory)).close();
});

test('rubbish in the lock file is emptied, not obeyed', async () => {
  const directory = scratchDirectory();
  const { lock, owner } = filesIn(directory);
  writeFileSync(lock, 'rubbish');
  writeFileSync(owner, 'rubbish');
  const journal = await opened(directory);
  expect(await openJournal({ directory })).toMatchObject({ failure: { code: 'IN_USE' } });
  await journal.close();
});

test('a directory may have any name', async () => {
  const directory = join(scratchDirectory(), 'file:ö ?mode=ro#x%20&vfs=none');
  for (let life = 0; life < 2; life += 1) {
    const copy = `${directory}-${life}`;
    await (await opened(directory)).close();
    const journal = await opened(directory);
    copyAsKilled(directory, copy);
    await journal.close();
    // With a log, and thus through the address of the database with its parameters.
    await (await opened(copy)).close();
  }
});

test('a data directory that is made is closed to others', async () => {
  const directory = join(scratchDirectory(), 'made', 'for', 'it');
  await (await opened(directory)).close();
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});
