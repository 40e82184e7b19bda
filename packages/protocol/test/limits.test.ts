/** Every limit holds at its last byte or item: on the way in as a refusal, on the way out as an error. */
import { UnencodableError, Writer } from '@choir/bytes';
import { describe, expect, it } from 'vitest';
import {
  blob,
  type Codec,
  choice,
  decodeFrame,
  decodeJsonFrame,
  encodeJsonMessage,
  encodeMessage,
  flag,
  fromClient,
  joinJsonMessages,
  joinMessages,
  limits,
  list,
  localIdCodec,
  natural,
  record,
  text,
  union,
} from '../src/index.ts';
import { codeOf } from './refusals.ts';

const small = {
  text: text(3) as Codec<unknown>,
  blob: blob(3) as Codec<unknown>,
  list: list(natural, 3) as Codec<unknown>,
};

/** The same without the limit: what a peer that ignores it would send. */
const unlimited = {
  text: text(1_000) as Codec<unknown>,
  blob: blob(1_000) as Codec<unknown>,
  list: list(natural, 1_000) as Codec<unknown>,
};

const bytes = (count: number) => new Uint8Array(count).fill(0x80);

describe.each([
  ['text', 'abc', 'abcd'],
  ['text', 'aé', 'éé'],
  ['blob', bytes(3), bytes(4)],
  ['blob', new Uint8Array(3).fill(65), new Uint8Array(4).fill(65)],
  ['list', [1, 2, 3], [1, 2, 3, 4]],
] as const)('a limited %s', (kind, most, tooMuch) => {
  const codec = small[kind];
  const peer = unlimited[kind];

  it('is taken up to its limit', () => {
    const messages = [most];
    expect(decodeFrame(codec, encodeMessage(codec, most), 100)).toEqual({ ok: true, messages });
    const line = encodeJsonMessage(codec, most);
    expect(decodeJsonFrame(codec, line, 100)).toEqual({ ok: true, messages });
  });

  it('is refused beyond, as TOO_LARGE', () => {
    expect(codeOf(decodeFrame(codec, encodeMessage(peer, tooMuch), 100))).toBe('TOO_LARGE');
    expect(codeOf(decodeJsonFrame(codec, encodeJsonMessage(peer, tooMuch), 100))).toBe('TOO_LARGE');
  });

  it('is not written beyond', () => {
    expect(() => encodeMessage(codec, tooMuch)).toThrow(UnencodableError);
    expect(() => encodeJsonMessage(codec, tooMuch)).toThrow(UnencodableError);
  });
});

describe('a list', () => {
  it('with a count that its frame cannot hold is refused before anything is made for it', () => {
    const writer = new Writer();
    writer.natural(20_000);
    const frame = writer.takeWithLength();
    const decoded = decodeFrame(list(flag, 20_000), frame, 100);
    expect(decoded).toMatchObject({ ok: false, refusal: { code: 'MALFORMED' } });
  });
});

describe('a frame', () => {
  const bye = { kind: 'bye' } as const;
  const message = encodeMessage(fromClient, bye);
  const line = encodeJsonMessage(fromClient, bye);

  it('is refused when it is longer than allowed', () => {
    expect(codeOf(decodeFrame(fromClient, message, message.length))).toBe('taken');
    expect(codeOf(decodeFrame(fromClient, message, message.length - 1))).toBe('TOO_LARGE');
    const wide = '{"kind":"bye","a":"é語😀"}';
    const wideBytes = Buffer.byteLength(wide);
    expect(codeOf(decodeJsonFrame(fromClient, wide, wideBytes))).toBe('taken');
    expect(codeOf(decodeJsonFrame(fromClient, wide, wideBytes - 1))).toBe('TOO_LARGE');
  });

  it('is refused when it has more messages than allowed', () => {
    const most = limits.frameMessages;
    const binary = (count: number) =>
      Uint8Array.from({ length: 2 * count }, (_, i) => message[i % 2] ?? 0);
    const json = (count: number) => Array(count).fill(line).join('\n');
    expect(message.length).toBe(2);
    expect(codeOf(decodeFrame(fromClient, binary(most), limits.frameBytes))).toBe('taken');
    expect(codeOf(decodeFrame(fromClient, binary(most + 1), limits.frameBytes))).toBe('TOO_LARGE');
    expect(codeOf(decodeJsonFrame(fromClient, json(most), limits.frameBytes))).toBe('taken');
    expect(codeOf(decodeJsonFrame(fromClient, json(most + 1), limits.frameBytes))).toBe(
      'TOO_LARGE',
    );
  });
});

describe('a frame with many small things in its lists', () => {
  const lists = list(list(natural, 100), 100);
  const hundreds = (count: number) => Array.from({ length: count }, () => Array(99).fill(7));
  const perMessage = 100 + 100 * 99;
  const most = Math.floor(limits.frameItems / perMessage);

  it('is refused when they are more than allowed, though each list is not', () => {
    for (const [count, code] of [
      [most, 'taken'],
      [most + 1, 'TOO_LARGE'],
    ] as const) {
      const messages = Array<number[][]>(count).fill(hundreds(100));
      const binary = joinMessages(messages.map((each) => encodeMessage(lists, each)));
      expect(codeOf(decodeFrame(lists, binary, limits.frameBytes))).toBe(code);
      const json = joinJsonMessages(messages.map((each) => encodeJsonMessage(lists, each)));
      expect(codeOf(decodeJsonFrame(lists, json, limits.frameBytes))).toBe(code);
    }
  });
});

describe('a mistake of the caller is an error with a name', () => {
  const kinds = union({ one: [1, record({ n: localIdCodec, c: choice(['a', 'b']) })] });
  const wrong: readonly unknown[] = [
    { kind: 'two' },
    { kind: 'constructor' },
    { kind: 'one', n: 0, c: 'a' },
    { kind: 'one', n: -1, c: 'a' },
    { kind: 'one', n: 1, c: 'c' },
  ];

  it.each(wrong)('%j', (value) => {
    const codec = kinds as Codec<unknown>;
    expect(() => encodeMessage(codec, value)).toThrow(UnencodableError);
    // What was given up in the middle does not show in what is encoded next.
    const good = { kind: 'one', n: 1, c: 'b' };
    expect(encodeMessage(codec, good)).toEqual(Uint8Array.of(3, 1, 1, 1));
  });

  it('is found when the table is written, if two kinds have one number', () => {
    expect(() => union({ a: [1, record({})], b: [1, record({})] })).toThrow('used twice');
  });
});
