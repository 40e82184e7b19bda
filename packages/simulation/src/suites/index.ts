/** All suites, by name. */
import { ftmp, ftmpCalm, ftmpRecovery } from './ftmp.ts';
import { groups } from './groups.ts';
import { hostile } from './hostile/hostile.ts';
import { ordering } from './ordering/ordering.ts';
import type { Suite } from './outcome.ts';
import { processGroup } from './process-group.ts';

export const suites: ReadonlyMap<string, Suite> = new Map(
  [groups, ordering, hostile, ftmp, ftmpRecovery, ftmpCalm, processGroup].map((suite) => [
    suite.name,
    suite,
  ]),
);
