export { type Place, placeText } from './connection/place.ts';
export { checked, type DatagramEnvelope } from './envelope/checked.ts';
export { Fifo } from './fifo.ts';
export {
  compareViews,
  type GroupId,
  groupId,
  noView,
  type ProcessorId,
  processorId,
  processorNumber,
  processorText,
  type ViewId,
  viewText,
} from './ids.ts';
export { settingsProblem } from './stack/check-settings.ts';
export type { GroupCounters } from './stack/counters.ts';
export type { Effect, EffectOf, View } from './stack/effects.ts';
export { deliveryBytes } from './stack/group-state.ts';
export { defaultSettings, type Settings, type Surroundings } from './stack/options.ts';
export type { OutgoingMessage } from './stack/outgoing.ts';
export { Processor, type Reason } from './stack/processor.ts';
export type { ProtocolEvent } from './trace.ts';
export { type MessageName, type TraceRecord, TraceRecords, typeNames } from './trace-record.ts';
export * from './wire/index.ts';
