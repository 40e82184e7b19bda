/** Codecs of the identifiers of `ids.ts`: what they return carries the brand. */
import { type Reader, UnencodableError, type Writer } from '@choir/bytes';
import {
  type ClientId,
  clientIdBytesMax,
  clientIdProblem,
  displayNameProblem,
  type GroupName,
  type LocalId,
  type LockSetId,
  nameBytesMax,
  nameProblem,
  type ObjectId,
  type SessionId,
} from '../ids.ts';
import type { Codec } from './codec.ts';
import { natural } from './scalar.ts';
import type { NumberName, TextName } from './shape.ts';

export const groupName = name<GroupName>('group name', nameBytesMax, nameProblem);
export const objectId = name<ObjectId>('object id', nameBytesMax, nameProblem);
export const clientId = name<ClientId>('client id', clientIdBytesMax, clientIdProblem);
export const displayName = name<string>('display name', clientIdBytesMax, displayNameProblem);

export const localIdCodec = positive<LocalId>('local id');
export const lockSetIdCodec = positive<LockSetId>('lock set id');
export const sessionIdCodec = positive<SessionId>('session id');

/** Names that were found to satisfy their rule, as many as are remembered. */
const judgedMax = 4_096;

/** Text that satisfies a rule. Breaking it is BAD_NAME, whatever the way; no string is MALFORMED. */
function name<T extends string>(
  what: TextName,
  maxBytes: number,
  problemOf: (text: string) => string | null,
): Codec<T> {
  const judged = new Set<string>();
  const judge = (text: string): string | null => {
    if (judged.has(text)) return null;
    const problem = problemOf(text);
    if (problem !== null) return problem;
    if (judged.size >= judgedMax) judged.clear();
    judged.add(text);
    return null;
  };
  return {
    shape: { kind: 'name', name: what, maxBytes },
    write(writer: Writer, value: T): void {
      // Brands are trusted; this catches only what would not survive the way there and back.
      if (writer.text(value) === 0) throw new UnencodableError(`the ${what} is empty`);
    },
    read(reader: Reader): T {
      const start = reader.offset;
      const text = reader.text();
      if (!reader.failed) {
        const problem = judge(text);
        if (problem !== null) reader.fail('VALUE', `the ${what} ${problem}`, start);
      }
      return text as T;
    },
  };
}

/** A number that some entry or client counted from 1; 0 stands for none and is no identifier. */
function positive<T extends number>(what: NumberName): Codec<T> {
  return {
    shape: { kind: 'number', name: what, min: 1 },
    write(writer: Writer, value: T): void {
      if (value === 0) throw new UnencodableError(`0 is no ${what}`);
      natural.write(writer, value);
    },
    read(reader: Reader): T {
      const start = reader.offset;
      const value = reader.natural();
      if (value === 0) reader.fail('FORM', `0 is no ${what}`, start);
      return value as T;
    },
  };
}
