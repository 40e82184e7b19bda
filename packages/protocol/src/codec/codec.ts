/**
 * What a codec is: one description of a value that knows its binary and its JSON rendering.
 * The message table is written with the combinators beside this file, once; both renderings and
 * the TypeScript type of each message follow from it.
 */
import type { Reader, Writer } from '@choir/bytes';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

export type Codec<T> = {
  /** Appends the binary rendering. The value must satisfy the codec's limits (caller's duty). */
  write(writer: Writer, value: T): void;
  /** Reads one value. On bad input it makes the reader fail and returns a harmless placeholder. */
  read(reader: Reader): T;
  toJson(value: T): Json;
  /** Reads the JSON rendering; bad input is reported to `problems` and a placeholder returned. */
  fromJson(json: unknown, problems: Problems): T;
};

/** Collects what is wrong with a JSON value; the first problem decides. */
export type Problems = {
  /** `at` is the path of the offending field, e.g. `body.parts[0].data`. */
  report(at: string, problem: string): void;
  /** The path of the value being read. */
  readonly path: string;
  /** The same collection, one step deeper. */
  at(step: string | number): Problems;
};

export type Infer<C> = C extends Codec<infer T> ? T : never;
