import { failingDiskConformance, journalConformance } from '@choir/journal/conformance';
import { describe, test } from 'vitest';
import { simulatedStand } from './journal-stand.ts';

describe.each(['process', 'power'] as const)('a journal that loses its %s', (loss) => {
  for (const { name, run } of [...journalConformance, ...failingDiskConformance]) {
    test(name, () => run(simulatedStand(name, loss)));
  }
});
