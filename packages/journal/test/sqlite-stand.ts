/** The SQLite journal for the contract's suite. */
import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FailingDiskStand, JournalStand } from '../src/conformance.ts';
import { type Journal, openJournal } from '../src/index.ts';
import { filesIn } from '../src/sqlite/files.ts';
import { copyAsKilled, scratchDirectory } from './data-directory.ts';

export function sqliteStand(): JournalStand & { directory(): string } {
  const root = scratchDirectory();
  let life = 0;
  let journal: Journal | undefined;
  const directory = () => join(root, `life-${life}`);
  return {
    directory,
    async open() {
      const result = await openJournal({ directory: directory() });
      if (result.ok) journal = result.journal;
      return result;
    },
    /** Goes on with a copy of the files as they are now; the old journal ends unseen. */
    async crash() {
      const before = directory();
      life += 1;
      copyAsKilled(before, directory());
      await journal?.close();
    },
  };
}

/** True where the limit on file sizes of a running process can be changed. */
export const fileSizesCanBeLimited = spawnSync('prlimit', ['--version']).status === 0;

/** A disk that fails is played by a limit on file sizes: writes beyond it get EFBIG. */
export function failingSqliteStand(): FailingDiskStand {
  const stand = sqliteStand();
  return {
    ...stand,
    async failDisk() {
      limitFileSize(String(statSync(filesIn(stand.directory()).log).size));
    },
    async repairDisk() {
      limitFileSize('unlimited');
    },
  };
}

/** Limits the files of this process; "unlimited" lifts it. */
export function limitFileSize(bytes: string): void {
  execFileSync('prlimit', [`--pid=${process.pid}`, `--fsize=${bytes}:`]);
}
