/** The checker of orderings: which of O1–O9 a trace violates, and where. */
import type { OrderingEvent, Violation } from './events.ts';
import { checkSequence, checkSources, mergeLog } from './merged-log.ts';
import { checkFloor, checkSettled } from './promises.ts';
import { checkNothingRetracted, checkReadings } from './readings.ts';

/** `nodes` is how many the configuration has, up or down. */
export function checkOrdering(trace: readonly OrderingEvent[], nodes: number): Violation[] {
  const { entries, violations } = mergeLog(trace);
  return [
    ...violations,
    ...checkSequence(entries),
    ...checkSources(entries, trace),
    ...checkReadings(trace),
    ...checkNothingRetracted(entries, trace),
    ...checkFloor(trace, nodes),
    ...checkSettled(entries, trace),
  ];
}
