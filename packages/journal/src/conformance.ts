/**
 * The contract's suite (contract.ts, J1–J5), for any implementation. It brings no test runner along:
 * each case is a name and a function that throws. A runner goes through them like this:
 *
 *     for (const { name, run } of journalConformance) test(name, () => run(standOnAnEmptyDisk()));
 */
import { commitCases } from './conformance/commit-cases.ts';
import { crashCases } from './conformance/crash-cases.ts';
import { modelCases } from './conformance/model-cases.ts';
import { readCases } from './conformance/read-cases.ts';
import { ruleCases } from './conformance/rule-cases.ts';
import type { ConformanceCase } from './conformance/stand.ts';

export { failingDiskConformance } from './conformance/failing-disk-cases.ts';
export type {
  ConformanceCase,
  FailingDiskCase,
  FailingDiskStand,
  JournalStand,
} from './conformance/stand.ts';

export const journalConformance: readonly ConformanceCase[] = [
  ...commitCases,
  ...readCases,
  ...ruleCases,
  ...crashCases,
  ...modelCases,
];
