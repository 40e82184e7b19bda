export { type Distribution, Tally } from './statistics/tally.ts';
export { suites } from './suites/index.ts';
export type { Outcome, Run, Suite } from './suites/outcome.ts';
