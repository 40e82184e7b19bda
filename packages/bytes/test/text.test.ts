import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Reader, textOf, UnencodableError, utf8Length, utf8Of, Writer } from '../src/index.ts';
import { bytesOf } from './hex.ts';

function read(bytes: Uint8Array, maxBytes?: number): Reader & { readonly value?: string } {
  const reader = new Reader(bytes);
  return Object.assign(reader, { value: reader.text(maxBytes) });
}

function written(text: string): Uint8Array {
  const writer = new Writer();
  const length = writer.text(text);
  expect(length).toBe(Buffer.byteLength(text));
  return writer.take();
}

describe('text', () => {
  // Around the lengths at which another way is taken, and at which the prefix grows.
  const lengths = [0, 1, 19, 20, 21, 42, 43, 47, 48, 49, 127, 128, 5_461, 5_462, 16_383, 16_384];

  it.each(lengths)('of %d characters comes back, in any alphabet', (length) => {
    for (const letter of ['a', 'é', '語', '😀']) {
      for (const text of [letter.repeat(length), `${'a'.repeat(length)}${letter}`]) {
        expect(read(written(text)).value).toBe(text);
      }
    }
  });

  it('comes back whatever it is, and says how long it is', () => {
    const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
      const reader = read(written(text));
      expect(reader.value).toBe(text);
      expect(reader.remaining).toBe(0);
      expect(utf8Length(text)).toBe(Buffer.byteLength(text));
      expect(textOf(utf8Of(text) ?? new Uint8Array())).toBe(text);
    });
    fc.assert(property);
  });

  it('keeps a byte order mark', () => {
    expect(read(written('\ufeffa')).value).toBe('\ufeffa');
  });

  it.each([
    ['02c328', 'a continuation byte missing'],
    ['02c080', 'an overlong NUL'],
    ['03eda080', 'half a surrogate pair'],
    ['04f4908080', 'beyond the last code point'],
    ['01ff', 'no such byte'],
    [`16${'61'.repeat(21)}80`, 'a stray byte behind long ASCII'],
  ])('%s is not UTF-8: %s', (hex) => {
    const reader = read(bytesOf(`${hex}41`));
    expect(reader.value).toBe('');
    expect(reader.failure).toMatchObject({ code: 'FORM', offset: 0 });
  });

  it('may not be longer than the caller allows, or than the input', () => {
    expect(read(written('abcd'), 4).value).toBe('abcd');
    expect(read(written('abcd'), 3).failure).toMatchObject({ code: 'LIMIT', offset: 0 });
    expect(read(bytesOf('0461'), 4).failure).toMatchObject({ code: 'END', offset: 0 });
  });

  it.each(['\ud800', 'a\udc00', '\udc00\ud800', `${'long '.repeat(20)}\ud83d`])(
    'with half a surrogate pair is a mistake of the caller: %j',
    (text) => {
      expect(() => new Writer().text(text)).toThrow(UnencodableError);
      expect(utf8Of(text)).toBeNull();
    },
  );
});
