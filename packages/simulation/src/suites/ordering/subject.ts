/** A system with an ordering in it that performs the steps of the conformance cases. */
import type { Step, Subject } from '@choir/ordering/conformance';

export type { Step };
export type OrderingSubject = Subject & { perform(step: Step): void };
