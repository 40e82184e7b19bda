/** C15: a disk that fills up fails the commit, never an acknowledged entry. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type Journal, type JournalReply, openJournal } from '../src/index.ts';
import { scratchDirectory } from './data-directory.ts';
import { fileSizesCanBeLimited, limitFileSize } from './sqlite-stand.ts';

const DISK_BYTES = 1 << 20;
const ENTRY_BYTES = 5_000;

/** A file system of 1 MiB in memory; undefined where mounting is not allowed. */
function smallDisk(): string | undefined {
  const directory = join(scratchDirectory(), 'disk');
  mkdirSync(directory);
  const options = ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', directory];
  if (spawnSync('mount', options).status !== 0) return undefined;
  onTestFinished(() => void execFileSync('umount', ['--lazy', directory]));
  return directory;
}

/** Commits until the journal fails; returns what was acknowledged and the failure. */
async function commitUntilFailure(journal: Journal) {
  for (let seq = 1; ; seq += 1) {
    const reply = await commit(journal, seq);
    if (reply.kind === 'failed') return { acknowledged: seq - 1, failure: reply.failure };
    if (seq * ENTRY_BYTES > 64 * DISK_BYTES) throw new Error('the disk does not fill up');
  }
}

function commit(journal: Journal, seq: number): Promise<JournalReply> {
  const bytes = new Uint8Array(ENTRY_BYTES).fill(seq % 251);
  const entries = [{ seq, epoch: 1, bytes }];
  const rows = [{ space: 1, seq, bytes: bytes.subarray(0, 100) }];
  return new Promise((resolve) =>
    journal.request({ kind: 'commit', entries, rows, applied: seq }, resolve),
  );
}

async function claimAllThere(directory: string, acknowledged: number): Promise<void> {
  const result = await openJournal({ directory });
  if (!result.ok) throw new Error(result.failure.message);
  const { opened, journal } = result;
  expect(opened.clean).toBe(false);
  expect(opened.head.seq).toBeGreaterThanOrEqual(acknowledged);
  const request = { kind: 'read-entries', after: 0, maxBytes: 64 * DISK_BYTES } as const;
  const reply = await new Promise<JournalReply>((resolve) => journal.request(request, resolve));
  if (reply.kind !== 'entries') throw new Error(JSON.stringify(reply));
  expect(reply.entries.map(({ seq, bytes }) => [seq, bytes[0], bytes.length])).toEqual(
    Array.from({ length: opened.head.seq }, (_, i) => [i + 1, (i + 1) % 251, ENTRY_BYTES]),
  );
  expect(await commit(journal, opened.head.seq + 1)).toMatchObject({ kind: 'committed' });
  await journal.close();
}

test('a full disk fails commits with DISK_FULL; with room again everything is there', async (context) => {
  const directory = smallDisk();
  if (directory === undefined) return context.skip('mounting a tmpfs is not allowed here');
  // What is freed later: stands for anything else on the same disk.
  const ballast = join(directory, 'ballast');
  writeFileSync(ballast, new Uint8Array(DISK_BYTES / 4));
  const result = await openJournal({ directory });
  if (!result.ok) throw new Error(result.failure.message);
  const { acknowledged, failure } = await commitUntilFailure(result.journal);
  expect(acknowledged).toBeGreaterThan(10);
  expect(failure).toMatchObject({ code: 'DISK_FULL' });
  expect(failure.message).toMatch(/Free space/);
  expect(await commit(result.journal, acknowledged + 2)).toMatchObject({ failure });
  await result.journal.close();

  rmSync(ballast);
  await claimAllThere(directory, acknowledged);
});

test('a disk without any room refuses the opening with DISK_FULL', async (context) => {
  const directory = smallDisk();
  if (directory === undefined) return context.skip('mounting a tmpfs is not allowed here');
  writeFileSync(join(directory, 'ballast'), new Uint8Array(DISK_BYTES - 8192));
  const result = await openJournal({ directory });
  expect(result).toMatchObject({ ok: false, failure: { code: 'DISK_FULL' } });
  rmSync(join(directory, 'ballast'));
  const again = await openJournal({ directory });
  expect(again.ok).toBe(true);
  if (again.ok) await again.journal.close();
});

test.skipIf(!fileSizesCanBeLimited)('a limit on file sizes (EFBIG) is a full disk', async () => {
  const directory = scratchDirectory();
  const result = await openJournal({ directory });
  if (!result.ok) throw new Error(result.failure.message);
  limitFileSize(String(DISK_BYTES));
  onTestFinished(() => limitFileSize('unlimited'));
  const { acknowledged, failure } = await commitUntilFailure(result.journal);
  limitFileSize('unlimited');
  expect(failure.code).toBe('DISK_FULL');
  expect(failure.message).toContain('EFBIG');
  await result.journal.close();
  await claimAllThere(directory, acknowledged);
});
