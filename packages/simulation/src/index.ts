export { runGroups } from './suites/groups.ts';
export type { Outcome } from './suites/outcome.ts';
