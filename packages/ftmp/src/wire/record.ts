/**
 * Bodies as plain data, for people and for programs in other languages (W12): processors as text, bytes as hexadecimal
 * digits, everything else as it is.
 */
import { type ProcessorId, processorText } from '../ids.ts';
import type { Body } from './message.ts';

/** What JSON can say. */
export type Plain =
  | null
  | boolean
  | number
  | string
  | readonly Plain[]
  | { readonly [name: string]: Plain };

export type BodyRecord = { readonly [name: string]: Plain };

/** The fields that hold a processor, or a list of them. */
export const processorFields: ReadonlySet<string> = new Set([
  'id',
  'member',
  'members',
  'processor',
  'processors',
  'proposed',
  'source',
  'suspects',
]);
/** A count, in spite of its name. */
const counts = 'announce';

/** The fields of a body, without its type. */
export function bodyRecord(body: Body): BodyRecord {
  const { type, ...fields } = body;
  const record: Record<string, Plain> = {};
  for (const [name, value] of Object.entries(fields)) {
    record[name] = plain(value, type !== counts && processorFields.has(name));
  }
  return record;
}

function plain(value: unknown, isProcessor: boolean): Plain {
  if (typeof value === 'number') return isProcessor ? processorText(value as ProcessorId) : value;
  if (value instanceof Uint8Array) return hexOf(value);
  if (Array.isArray(value)) return value.map((each) => plain(each, isProcessor));
  if (typeof value !== 'object' || value === null) return value as Plain;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, each]) => [name, plain(each, processorFields.has(name))]),
  );
}

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += digits[byte];
  return text;
}
