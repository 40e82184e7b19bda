/** Codecs of values without parts: flags, numbers, choices, text. */
import { type Reader, UnencodableError, type Writer } from '@choir/bytes';
import type { Codec } from './codec.ts';

/** Binary: one byte, 0 or 1. */
export const flag: Codec<boolean> = {
  shape: { kind: 'flag' },
  write: (writer, value) => writer.u8(value ? 1 : 0),
  read: (reader) => reader.flag(),
};

/** 0 … 2^53-1. */
export const natural: Codec<number> = {
  shape: { kind: 'number', name: 'natural', min: 0 },
  write: (writer, value) => writer.natural(value),
  read: (reader) => reader.natural(),
};

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
  };
}

const loneSurrogate = /\p{Cs}/u;

export function isUnicode(value: string): boolean {
  return !loneSurrogate.test(value);
}

export function tooLong(what: string, maxBytes: number): UnencodableError {
  return new UnencodableError(`${what} is longer than ${maxBytes} bytes`);
}
