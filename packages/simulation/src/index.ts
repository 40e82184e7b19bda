export type { Hunt, Mutant } from './mutants/mutant.ts';
export { mutants } from './mutants/table.ts';
export { crash, join, lostMessage } from './scenario/ftmp-scenarios.ts';
export { lockConflictRejoin } from './scenario/lock-conflict-rejoin.ts';
export { longAbsence } from './scenario/long-absence.ts';
export { tell } from './scenario/telling.ts';
export { type Distribution, Tally } from './statistics/tally.ts';
export { suites } from './suites/index.ts';
export type { Outcome, Run, Suite } from './suites/outcome.ts';
