export type {
  Entry,
  Incarnation,
  Members,
  Ordered,
  Ordering,
  OrderingStatus,
  ReadResult,
  Snapshot,
  SubmitResult,
} from './contract.ts';
export { decodeOrdered, encodeOrdered, submissionBytesMax, type Undecodable } from './entry.ts';
export { LocalOrdering, type LocalOrderingOptions } from './local/local-ordering.ts';
