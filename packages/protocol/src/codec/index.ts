export { blob } from './blob.ts';
export type { Codec, Infer } from './codec.ts';
export { fromJson, type Json, toJson } from './json.ts';
export { list } from './list.ts';
export {
  clientId,
  displayName,
  groupName,
  localIdCodec,
  lockSetIdCodec,
  objectId,
  sessionIdCodec,
} from './names.ts';
export { type Problem, Problems } from './problems.ts';
export { type Optional, optional, type RecordCodec, type RecordOf, record } from './record.ts';
export { choice, flag, natural, text } from './scalar.ts';
export type { CaseShape, FieldShape, RecordShape, Shape, TextName, UnionShape } from './shape.ts';
export { type UnionOf, union } from './union.ts';
