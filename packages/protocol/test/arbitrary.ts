/** Any value that a codec accepts, made from the codec's own description. */
import fc from 'fast-check';
import {
  type Codec,
  clientIdProblem,
  displayNameProblem,
  type FieldShape,
  nameProblem,
  type RecordShape,
  type Shape,
  type TextName,
} from '../src/index.ts';

export function valuesOf<T>(codec: Codec<T>): fc.Arbitrary<T> {
  return ofShape(codec.shape) as fc.Arbitrary<T>;
}

const problemOf: { readonly [name in TextName]: (text: string) => string | null } = {
  'group name': nameProblem,
  'object id': nameProblem,
  'client id': clientIdProblem,
  'display name': displayNameProblem,
};

/** Numbers of all lengths, with those at which the rendering changes. */
const numbers = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat(),
  fc.constantFrom(0, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1),
);

const segment = fc.oneof(
  fc.constantFrom('a', 'team', 'x.y', '...', '_', 'été', '会議', '🎼', 'Ada Lovelace'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
);

const names = fc.array(segment, { minLength: 1, maxLength: 4 }).map((some) => some.join('/'));

const payloads = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => new TextEncoder().encode(text)),
);

function ofShape(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'flag':
      return fc.boolean();
    case 'number':
      return numbers.filter((value) => value >= shape.min);
    case 'text':
      return fc.string({ unit: 'binary', maxLength: Math.min(20, Math.floor(shape.maxBytes / 4)) });
    case 'blob':
      return payloads.filter((bytes) => bytes.length <= shape.maxBytes);
    case 'name':
      return fc.oneof(names, segment).filter((text) => problemOf[shape.name](text) === null);
    case 'choice':
      return fc.constantFrom(...shape.names);
    case 'list':
      return fc.array(ofShape(shape.item), { maxLength: Math.min(3, shape.max) });
    case 'record':
      return ofRecord(shape);
    case 'union':
      return fc.oneof(
        ...shape.cases.map(({ name, record }) =>
          ofRecord(record).map((fields) => ({ kind: name, ...fields })),
        ),
      );
    default:
      return shape satisfies never;
  }
}

function ofRecord({ fields }: RecordShape): fc.Arbitrary<object> {
  const model = Object.fromEntries(fields.map((field) => [field.name, ofShape(field.shape)]));
  const requiredKeys = fields.filter(isRequired).map(({ name }) => name);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

function isRequired({ optional }: FieldShape): boolean {
  return !optional;
}
