export type { Bounds } from './bounds.ts';
export type { ViewsViolation } from './checker.ts';
export { type ViewsFigures, ViewsJudge } from './judge.ts';
export {
  type DatagramType,
  type Delivery,
  processorOf,
  type RecordKind,
  type RecordOf,
  type Records,
  type ViewsRecord,
} from './vocabulary.ts';
