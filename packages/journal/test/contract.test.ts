import { describe, test } from 'vitest';
import { failingDiskConformance, journalConformance } from '../src/conformance.ts';
import { failingSqliteStand, fileSizesCanBeLimited, sqliteStand } from './sqlite-stand.ts';

describe('the SQLite journal keeps the contract', () => {
  for (const { name, run } of journalConformance) test(name, () => run(sqliteStand()));
});

// Without prlimit there is no harmless way to make the disk of this process fail.
describe.skipIf(!fileSizesCanBeLimited)('also on a failing disk', () => {
  for (const { name, run } of failingDiskConformance) test(name, () => run(failingSqliteStand()));
});
