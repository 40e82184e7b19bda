export { type ClockOptions, ProcessClock } from './clock.ts';
export {
  drawWeights,
  type Fault,
  FaultPlan,
  type FaultPlanOptions,
  type Strike,
} from './fault-plan.ts';
export { JournalContents } from './journal/contents.ts';
export {
  type DiskFailure,
  type DiskFaultName,
  type DiskFaultOptions,
  type DiskTimes,
  defaultDiskTimes,
  diskFaultNames,
  diskFaults,
  type Loss,
  SimulatedDisk,
} from './journal/disk.ts';
export { type JournalOwner, SimulatedJournal } from './journal/journal.ts';
export { Connection, End, type Peer } from './network/connection.ts';
export type { Closing } from './network/direction.ts';
export {
  type NetworkFaultName,
  type NetworkFaultOptions,
  networkFaultNames,
  networkFaults,
} from './network/faults.ts';
export { defaultLink, drawLink, type Link } from './network/link.ts';
export { type Accept, Network, type NetworkOptions } from './network/network.ts';
export { Random } from './random.ts';
export { Alarm, Scheduler, type Task } from './scheduler.ts';
export { type Observer, Trace } from './trace.ts';
export { renderEvent, type TraceEvent } from './trace-event.ts';
export { type Field, fingerprint } from './trace-hash.ts';
