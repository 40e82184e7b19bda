export { type ConformanceCase, conformance } from './cases.ts';
export { checkOrdering } from './check.ts';
export { finalReader, type OrderingEvent, type Rule, type Violation } from './events.ts';
export { type Script, Stage, type Step, type Subject } from './stage.ts';
