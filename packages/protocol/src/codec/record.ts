/** Codecs of objects with known fields. */
import type { Reader, Writer } from '@choir/bytes';
import type { Codec, Flat, Infer } from './codec.ts';
import type { RecordShape } from './shape.ts';

/** A field that may be absent; it is never present as `undefined`. */
export type Optional<T> = { readonly optional: Codec<T> };

export type Fields = { readonly [name: string]: Codec<unknown> | Optional<unknown> };

type OptionalNames<F extends Fields> = {
  [N in keyof F]: F[N] extends Optional<unknown> ? N : never;
}[keyof F];

export type RecordOf<F extends Fields> = Flat<
  { readonly [N in Exclude<keyof F, OptionalNames<F>>]: Infer<F[N]> } & {
    readonly [N in OptionalNames<F>]?: F[N] extends Optional<infer T> ? T : never;
  }
>;

/** A codec of a record; unions read and write its fields beside their own `kind`. */
export type RecordCodec<T> = Codec<T> & {
  readonly shape: RecordShape;
  readFields(reader: Reader, into: Building): void;
};

/** An object being put together. Its names come from the message table, never from input. */
export type Building = { [name: string]: unknown };

type Field = { readonly name: string; readonly optional: boolean } & Codec<unknown>;

export function optional<T>(codec: Codec<T>): Optional<T> {
  return { optional: codec };
}

/**
 * Binary: the fields in the order of the table, each optional one after a flag that says whether it is
 * there. JSON: an object with the same names; names that the table lacks are ignored, so that later
 * versions can add fields.
 */
export function record<F extends Fields>(description: F): RecordCodec<RecordOf<F>> {
  const fields = Object.entries(description).map(([name, given]) => fieldOf(name, given));
  const codec: RecordCodec<Building> = {
    shape: { kind: 'record', fields: fields.map(shapeOf) },
    write: (writer, value) => writeFields(fields, writer, value),
    read(reader) {
      const building: Building = {};
      readFields(fields, reader, building);
      return building;
    },
    readFields: (reader, into) => readFields(fields, reader, into),
  };
  // The loops below do for each field what its codec says, which is what `RecordOf` spells out.
  return codec as RecordCodec<unknown> as RecordCodec<RecordOf<F>>;
}

function fieldOf(name: string, given: Codec<unknown> | Optional<unknown>): Field {
  return 'optional' in given
    ? { name, optional: true, ...given.optional }
    : { name, optional: false, ...given };
}

function shapeOf({ name, optional, shape }: Field): RecordShape['fields'][number] {
  return { name, optional, shape };
}

function writeFields(fields: readonly Field[], writer: Writer, value: Building): void {
  for (const field of fields) {
    const part = value[field.name];
    if (field.optional) {
      writer.u8(part === undefined ? 0 : 1);
      if (part === undefined) continue;
    }
    field.write(writer, part);
  }
}

function readFields(fields: readonly Field[], reader: Reader, into: Building): void {
  for (const field of fields) {
    if (field.optional && !reader.flag()) continue;
    into[field.name] = field.read(reader);
  }
}
