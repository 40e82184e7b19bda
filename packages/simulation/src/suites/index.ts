/** All suites, by name. */
import { groups } from './groups.ts';
import type { Suite } from './outcome.ts';

export const suites: ReadonlyMap<string, Suite> = new Map(
  [groups].map((suite) => [suite.name, suite]),
);
