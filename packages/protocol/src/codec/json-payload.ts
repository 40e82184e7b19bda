/** Payloads in JSON: a string where people can read it, else `{ "base64": "…" }`; either is accepted. */
import { fromBase64, textOf, toBase64, utf8Of } from '@choir/bytes';
import type { Json } from './json.ts';
import type { Problems } from './problems.ts';
import { tooLong } from './scalar.ts';

export function payloadToJson(value: Uint8Array, maxBytes: number): Json {
  if (value.length > maxBytes) throw tooLong('the payload', maxBytes);
  return readable(value) ?? { base64: toBase64(value) };
}

export function payloadFromJson(json: unknown, maxBytes: number, problems: Problems): Uint8Array {
  const given = typeof json === 'string' ? fromText(json, maxBytes) : fromObject(json, maxBytes);
  if (given instanceof Uint8Array && given.length <= maxBytes) return given;
  if (typeof given === 'string') problems.report('MALFORMED', given);
  else problems.report('TOO_LARGE', `is longer than ${maxBytes} bytes`);
  return new Uint8Array(0);
}

/** What the bytes of a payload are, null when there are too many, or what is wrong with it. */
type Given = Uint8Array | null | string;

/** All control characters but tabulator and line ends. JSON would blow them up sixfold. */
const unreadable = /[^\P{Cc}\t\n\r]/u;

function readable(bytes: Uint8Array): string | null {
  const text = textOf(bytes);
  return text === null || unreadable.test(text) ? null : text;
}

function fromText(text: string, maxBytes: number): Given {
  if (text.length > maxBytes) return null;
  return utf8Of(text) ?? 'contains half a surrogate pair';
}

function fromObject(json: unknown, maxBytes: number): Given {
  const base64 = base64Of(json);
  if (base64 === null) return 'is neither a string nor an object with "base64"';
  if (base64.length > Math.ceil(maxBytes / 3) * 4) return null;
  return fromBase64(base64) ?? 'is not base64';
}

function base64Of(json: unknown): string | null {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, 'base64')) return null;
  const { base64 } = json as { readonly base64: unknown };
  return typeof base64 === 'string' ? base64 : null;
}
