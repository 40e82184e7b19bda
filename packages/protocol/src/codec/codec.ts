/**
 * What a codec is: one description of a value that knows its binary rendering and its shape.
 * The message table is written with the combinators beside this file, once; both renderings (JSON by the
 * shape, `json.ts`), the TypeScript type of each message and the table in the documentation follow from
 * it.
 *
 * K1 Reading never throws. Bad input makes the reader fail (R1 of `bytes`) or is reported to the
 *    `problems`, and what is returned then is a placeholder that nobody may use.
 * K2 Writing throws `UnencodableError` on a value that breaks the codec's limits: a mistake of the
 *    caller, since what came in through a codec satisfies them.
 * K3 A value has one binary rendering: reading and writing again gives identical bytes.
 * K4 The functions of a codec do not use `this`, so that records and unions can hold them bare.
 */
import type { Reader, Writer } from '@choir/bytes';
import type { Shape } from './shape.ts';

export type Codec<T> = {
  readonly shape: Shape;
  /** Appends the binary rendering. */
  write(writer: Writer, value: T): void;
  read(reader: Reader): T;
};

export type Infer<C> = C extends Codec<infer T> ? T : never;

/** Spells out an intersection as one object type; `infer` makes tools show it so, too. */
export type Flat<T> = T extends infer O ? { [K in keyof O]: O[K] } : never;
