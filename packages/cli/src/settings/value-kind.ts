/**
 * What kind of value an option takes. It follows from what stands for the value in the help (`PORT`,
 * `LIMIT`, `DURATION`, `FILE`, `json|text`), so that the help, the schema and the check cannot differ (O1).
 */
import type { Option } from '../arguments/option.ts';
import { durationMs, usage, wholeNumber } from '../arguments/values.ts';

export type ValueKind =
  | { readonly kind: 'flag' }
  | { readonly kind: 'number'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'duration' | 'path' | 'text' };

const counts = ['N', 'COUNT', 'BYTES'];
const paths = ['FILE', 'DIR'];

/** Of one value; an option that is repeatable takes a list of them. */
export function kindOf({ value }: Option): ValueKind {
  if (value === undefined) return { kind: 'flag' };
  if (value === 'PORT') return { kind: 'number', min: 0, max: 65_535 };
  if (value === 'LIMIT') return { kind: 'number', min: 1, max: Number.MAX_SAFE_INTEGER };
  if (counts.includes(value)) return { kind: 'number', min: 0, max: Number.MAX_SAFE_INTEGER };
  if (value === 'DURATION') return { kind: 'duration' };
  if (paths.includes(value)) return { kind: 'path' };
  if (/^[a-z]+(\|[a-z]+)+$/.test(value)) return { kind: 'choice', of: value.split('|') };
  return { kind: 'text' };
}

/** What is allowed, as the end of a sentence. */
export function allowed(kind: ValueKind): string {
  switch (kind.kind) {
    case 'flag':
      return 'true or false';
    case 'number':
      return `a whole number from ${kind.min} to ${kind.max}`;
    case 'choice':
      return `one of ${kind.of.map((each) => `"${each}"`).join(', ')}`;
    case 'duration':
      return 'a duration such as "500ms", "10s", "2m" or "1h"';
    case 'path':
      return 'the path of a file or directory, as a string';
    case 'text':
      return 'a string';
    default:
      return kind satisfies never;
  }
}

/** The value that was typed, as JSON has it; throws a usage failure in the words of `what`. */
export function typedValue(what: string, kind: ValueKind, text: string): string | number | boolean {
  if (kind.kind === 'flag') return true;
  if (kind.kind === 'number') return wholeNumber(what, text, kind);
  if (kind.kind === 'duration') durationMs(what, text);
  if (kind.kind === 'choice' && !kind.of.includes(text)) {
    throw usage(`${what}: "${text}" has to be ${allowed(kind)}.`);
  }
  return text;
}
