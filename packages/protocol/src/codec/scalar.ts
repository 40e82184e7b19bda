/** Codecs of values without parts: flags, numbers, choices, text. */
import { type Reader, UnencodableError, utf8Length, type Writer } from '@choir/bytes';
import type { Codec, Json } from './codec.ts';
import type { Problems } from './problems.ts';

/** Binary: one byte, 0 or 1. */
export const flag: Codec<boolean> = {
  shape: { kind: 'flag' },
  write: (writer, value) => writer.u8(value ? 1 : 0),
  read: (reader) => reader.flag(),
  toJson: (value) => value,
  fromJson: (json, problems) => {
    if (typeof json === 'boolean') return json;
    problems.report('MALFORMED', 'is not true or false');
    return false;
  },
};

/** 0 … 2^53-1. */
export const natural: Codec<number> = {
  shape: { kind: 'number', name: 'natural', min: 0 },
  write: (writer, value) => writer.natural(value),
  read: (reader) => reader.natural(),
  toJson: (value) => value,
  fromJson: naturalFromJson,
};

export function naturalFromJson(json: unknown, problems: Problems): number {
  if (typeof json === 'number' && Number.isSafeInteger(json) && json >= 0) {
    // JSON knows -0, which is 0 here.
    return json === 0 ? 0 : json;
  }
  problems.report('MALFORMED', 'is not an integer from 0 to 2^53-1');
  return 0;
}

/** One of some words. Binary: its place among them. */
export function choice<const N extends readonly [string, ...string[]]>(names: N): Codec<N[number]> {
  const [first] = names;
  return {
    shape: { kind: 'choice', names },
    write(writer: Writer, value: N[number]): void {
      const index = names.indexOf(value);
      if (index === -1) throw new UnencodableError(`${value} is not one of ${names.join(', ')}`);
      writer.natural(index);
    },
    read(reader: Reader): N[number] {
      const start = reader.offset;
      const name = names[reader.natural()];
      if (name !== undefined) return name;
      reader.fail('FORM', `not one of ${names.join(', ')}`, start);
      return first;
    },
    toJson: (value) => value,
    fromJson(json: unknown, problems: Problems): N[number] {
      const name = names.find((each) => each === json);
      if (name !== undefined) return name;
      problems.report('MALFORMED', `is not one of ${names.join(', ')}`);
      return first;
    },
  };
}

/** Unicode text without half surrogate pairs. Binary: UTF-8 with its length before it. */
export function text(maxBytes: number): Codec<string> {
  return {
    shape: { kind: 'text', maxBytes },
    write(writer: Writer, value: string): void {
      const length = writer.text(value);
      if (length > maxBytes) throw tooLong('the text', maxBytes);
    },
    read: (reader) => reader.text(maxBytes),
    toJson(value: string): Json {
      if (utf8Length(value) > maxBytes) throw tooLong('the text', maxBytes);
      if (!isUnicode(value)) throw new UnencodableError('the text is not Unicode');
      return value;
    },
    fromJson(json: unknown, problems: Problems): string {
      if (typeof json !== 'string') problems.report('MALFORMED', 'is not a string');
      else if (json.length > maxBytes || utf8Length(json) > maxBytes) {
        problems.report('TOO_LARGE', `is longer than ${maxBytes} bytes`);
      } else if (!isUnicode(json)) problems.report('MALFORMED', 'contains half a surrogate pair');
      else return json;
      return '';
    },
  };
}

const loneSurrogate = /\p{Cs}/u;

function isUnicode(value: string): boolean {
  return !loneSurrogate.test(value);
}

export function tooLong(what: string, maxBytes: number): UnencodableError {
  return new UnencodableError(`${what} is longer than ${maxBytes} bytes`);
}
