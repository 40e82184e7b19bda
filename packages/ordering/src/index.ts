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
