/** All suites, by name. */
import { groups } from './groups.ts';
import { hostile } from './hostile/hostile.ts';
import { ordering } from './ordering/ordering.ts';
import type { Suite } from './outcome.ts';

export const suites: ReadonlyMap<string, Suite> = new Map(
  [groups, ordering, hostile].map((suite) => [suite.name, suite]),
);
