/**
 * The JSON rendering of whatever a codec describes, by its shape. It stands apart from the codecs so that
 * a program that speaks binary only does not carry it.
 *
 * K1 and K2 of `codec.ts` hold here, too: reading never throws, writing throws `UnencodableError`.
 */
import { UnencodableError, utf8Length } from '@choir/bytes';
import { clientIdProblem, displayNameProblem, nameProblem } from '../ids.ts';
import type { Codec } from './codec.ts';
import { payloadFromJson, payloadToJson } from './json-payload.ts';
import { checkCount } from './list.ts';
import type { Problems } from './problems.ts';
import { isUnicode, tooLong } from './scalar.ts';
import type { CaseShape, RecordShape, Shape, TextName, UnionShape } from './shape.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/** An object being put together. Its names come from the message table, never from input. */
type Building<T> = { [name: string]: T };

export function toJson<T>(codec: Codec<T>, value: T): Json {
  return rendered(codec.shape, value);
}

/** What is returned when there are problems is a placeholder that nobody may use. */
export function fromJson<T>(codec: Codec<T>, json: unknown, problems: Problems): T {
  // The shape says of what the value is made, which is what `T` spells out.
  return taken(codec.shape, json, problems) as T;
}

/** A value that a codec's type describes is what its shape says. */
function rendered(shape: Shape, value: unknown): Json {
  switch (shape.kind) {
    case 'flag':
    case 'number':
    case 'name':
    case 'choice':
      return value as Json;
    case 'text':
      return textToJson(value as string, shape.maxBytes);
    case 'blob':
      return payloadToJson(value as Uint8Array, shape.maxBytes);
    case 'list': {
      const items = value as readonly unknown[];
      checkCount(items, shape.max);
      return items.map((each) => rendered(shape.item, each));
    }
    case 'record':
      return fieldsToJson(shape, value as Building<unknown>, {});
    case 'union': {
      const { kind } = value as { readonly kind: string };
      const found = caseOf(shape, kind);
      if (found === undefined) throw new UnencodableError(`there is no kind ${kind}`);
      return fieldsToJson(found.record, value as Building<unknown>, { kind });
    }
    default:
      return shape satisfies never;
  }
}

function textToJson(value: string, maxBytes: number): Json {
  if (utf8Length(value) > maxBytes) throw tooLong('the text', maxBytes);
  if (!isUnicode(value)) throw new UnencodableError('the text is not Unicode');
  return value;
}

function fieldsToJson(shape: RecordShape, value: Building<unknown>, into: Building<Json>): Json {
  for (const field of shape.fields) {
    const part = value[field.name];
    if (!field.optional || part !== undefined) into[field.name] = rendered(field.shape, part);
  }
  return into;
}

function taken(shape: Shape, json: unknown, problems: Problems): unknown {
  switch (shape.kind) {
    case 'flag':
      if (typeof json !== 'boolean') problems.report('MALFORMED', 'is not true or false');
      return json;
    case 'number':
      return numberFromJson(shape, json, problems);
    case 'name':
      return nameFromJson(shape.name, json, problems);
    case 'choice':
      if (!shape.names.some((each) => each === json)) {
        problems.report('MALFORMED', `is not one of ${shape.names.join(', ')}`);
      }
      return json;
    case 'text':
      return textFromJson(json, shape.maxBytes, problems);
    case 'blob':
      return payloadFromJson(json, shape.maxBytes, problems);
    case 'list':
      return listFromJson(shape, json, problems);
    case 'record':
      if (isObject(json)) return fieldsFromJson(shape, json, {}, problems);
      problems.report('MALFORMED', 'is not an object');
      return {};
    case 'union':
      return unionFromJson(shape, json, problems);
    default:
      return shape satisfies never;
  }
}

function numberFromJson(
  { name, min }: Extract<Shape, { kind: 'number' }>,
  json: unknown,
  problems: Problems,
): number {
  if (typeof json !== 'number' || !Number.isSafeInteger(json) || json < 0) {
    problems.report('MALFORMED', 'is not an integer from 0 to 2^53-1');
    return 0;
  }
  if (json < min) problems.report('MALFORMED', `is 0, which is no ${name}`);
  // JSON knows -0, which is 0 here.
  return json === 0 ? 0 : json;
}

function nameFromJson(name: TextName, json: unknown, problems: Problems): unknown {
  if (typeof json !== 'string') {
    problems.report('MALFORMED', 'is not a string');
    return '';
  }
  const problem = problemOf(name, json);
  if (problem !== null) problems.report('BAD_NAME', `is not a ${name}: it ${problem}`);
  return json;
}

function problemOf(name: TextName, text: string): string | null {
  if (name === 'client id') return clientIdProblem(text);
  return name === 'display name' ? displayNameProblem(text) : nameProblem(text);
}

function textFromJson(json: unknown, maxBytes: number, problems: Problems): string {
  if (typeof json !== 'string') problems.report('MALFORMED', 'is not a string');
  else if (json.length > maxBytes || utf8Length(json) > maxBytes) {
    problems.report('TOO_LARGE', `is longer than ${maxBytes} bytes`);
  } else if (!isUnicode(json)) problems.report('MALFORMED', 'contains half a surrogate pair');
  else return json;
  return '';
}

function listFromJson(
  { item, max }: Extract<Shape, { kind: 'list' }>,
  json: unknown,
  problems: Problems,
): readonly unknown[] {
  const items: unknown[] = [];
  if (!Array.isArray(json)) {
    problems.report('MALFORMED', 'is not a list');
    return items;
  }
  if (json.length > max) {
    problems.report('TOO_LARGE', `has more than ${max} items`);
    return items;
  }
  problems.count(json.length);
  for (const [index, each] of json.entries()) {
    items.push(taken(item, each, problems));
    if (!problems.failed) continue;
    problems.within(index);
    break;
  }
  return items;
}

function fieldsFromJson(
  { fields }: RecordShape,
  json: object,
  into: Building<unknown>,
  problems: Problems,
): object {
  for (const field of fields) {
    const part = own(json, field.name);
    if (part === undefined && field.optional) continue;
    if (part === undefined) problems.report('MALFORMED', 'is missing');
    else into[field.name] = taken(field.shape, part, problems);
    if (!problems.failed) continue;
    problems.within(field.name);
    break;
  }
  return into;
}

function unionFromJson(shape: UnionShape, json: unknown, problems: Problems): object {
  if (!isObject(json)) {
    problems.report('MALFORMED', 'is not an object');
    return { kind: '' };
  }
  const kind = own(json, 'kind');
  const found = caseOf(shape, kind);
  if (found === undefined) {
    problems.report('MALFORMED', 'is missing or unknown');
    problems.within('kind');
    return { kind: '' };
  }
  return fieldsFromJson(found.record, json, { kind }, problems);
}

const casesOf = new WeakMap<UnionShape, ReadonlyMap<unknown, CaseShape>>();

function caseOf(shape: UnionShape, kind: unknown): CaseShape | undefined {
  const cases = casesOf.get(shape) ?? new Map(shape.cases.map((each) => [each.name, each]));
  casesOf.set(shape, cases);
  return cases.get(kind);
}

function isObject(json: unknown): json is object {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** An own property; what an object inherits (`constructor`) is not input. */
function own(json: object, name: string): unknown {
  return Object.hasOwn(json, name) ? (json as Building<unknown>)[name] : undefined;
}
