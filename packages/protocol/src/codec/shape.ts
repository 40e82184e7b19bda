/**
 * What a codec accepts, as data: the JSON rendering, the documentation's tables and the generated values
 * of the tests are made from it.
 */

export type NumberName = 'natural' | 'local id' | 'lock set id' | 'session id';
export type TextName = 'group name' | 'object id' | 'client id' | 'display name';

export type Shape =
  | { readonly kind: 'flag' }
  | { readonly kind: 'number'; readonly name: NumberName; readonly min: number }
  | { readonly kind: 'text'; readonly maxBytes: number }
  | { readonly kind: 'blob'; readonly maxBytes: number }
  | { readonly kind: 'name'; readonly name: TextName; readonly maxBytes: number }
  | { readonly kind: 'choice'; readonly names: readonly string[] }
  | { readonly kind: 'list'; readonly item: Shape; readonly max: number }
  | RecordShape
  | UnionShape;

export type RecordShape = { readonly kind: 'record'; readonly fields: readonly FieldShape[] };

export type FieldShape = {
  readonly name: string;
  readonly optional: boolean;
  readonly shape: Shape;
};

export type UnionShape = { readonly kind: 'union'; readonly cases: readonly CaseShape[] };

export type CaseShape = {
  readonly name: string;
  readonly tag: number;
  readonly record: RecordShape;
};
