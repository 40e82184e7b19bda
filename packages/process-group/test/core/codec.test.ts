import { UnencodableError } from '@choir/bytes';
import { processorId } from '@choir/ftmp';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, isOfApplication } from '../../src/core/codec.ts';
import { digestBytes, samePiecesMax } from '../../src/core/limits.ts';
import {
  type Message,
  type MessageOf,
  refusalReasons,
  wantedReasons,
} from '../../src/core/message.ts';

const natural = fc.maxSafeNat();
const bytes = fc.uint8Array({ maxLength: 40 });
const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const digests = fc
  .array(fc.uint8Array({ minLength: digestBytes, maxLength: digestBytes }), { maxLength: 16 })
  .map((all) => Uint8Array.from(Buffer.concat(all)));
const processor = fc
  .tuple(fc.integer({ min: 1, max: 2 ** 21 - 1 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map(([number, incarnation]) => processorId(number, incarnation));
const processors = fc.array(processor, { maxLength: 5 });
const view = fc.record({ timestamp: natural, processor });
const to = fc.oneof(fc.constantFrom('all' as const, 'others' as const), processors);

/** What can stand in each field, for each kind. */
const kinds: {
  readonly [Kind in Message['kind']]: {
    readonly [Field in keyof Omit<MessageOf<Kind>, 'kind'>]: fc.Arbitrary<MessageOf<Kind>[Field]>;
  };
} = {
  hello: { version: natural, view, name: text, label: text, observes: fc.boolean() },
  refusal: { to: processor, reason: fc.constantFrom(...refusalReasons), version: natural },
  marker: { transfer: natural, to: processors },
  piece: { transfer: natural, bytes },
  whole: { transfer: natural, sum: natural, roll: bytes },
  same: { transfer: natural, bytes: digests },
  has: { provider: processor, transfer: natural, bytes: digests },
  failed: { transfer: natural },
  held: {},
  wanted: { provider: fc.option(processor), reason: fc.constantFrom(...wantedReasons) },
  multicast: { channel: text, bytes },
  direct: { to: processors, channel: text, bytes },
  request: { number: natural, to, channel: text, bytes },
  answer: { to: processor, number: natural, bytes },
  failure: { to: processor, number: natural, text },
};

for (const kind of Object.keys(kinds) as Message['kind'][]) {
  test(`${kind} is read as it was written`, () => {
    const fields = fc.record(kinds[kind] as Record<string, fc.Arbitrary<unknown>>);
    fc.assert(
      fc.property(fields, (values) => {
        const message = { kind, ...values } as Message;
        expect(decode(encode(message))).toEqual(message);
      }),
    );
  });
}

test('multicasts, messages to some and requests are those of applications', () => {
  const nothing = new Uint8Array(0);
  const message = { channel: 'main', bytes: nothing };
  const said: readonly Message[] = [
    { kind: 'multicast', ...message },
    { kind: 'direct', to: [], ...message },
    { kind: 'request', number: 1, to: 'all', ...message },
    { kind: 'held' },
    { kind: 'piece', transfer: 1, bytes: nothing },
    { kind: 'answer', to: processorId(1, 1), number: 1, bytes: nothing },
  ];
  expect(said.map((one) => isOfApplication(encode(one)))).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(isOfApplication(nothing)).toBe(false);
});

test('a digest that is cut off, and more than there may be, are refused', () => {
  const same = (length: number) =>
    decode(encode({ kind: 'same', transfer: 1, bytes: new Uint8Array(length) }));
  expect(same(digestBytes - 1)).toMatchObject({ code: 'FORM' });
  expect(same(digestBytes * samePiecesMax)).toMatchObject({ kind: 'same' });
  expect(same(digestBytes * (samePiecesMax + 1))).toMatchObject({ code: 'LIMIT' });
});

test('whatever the bytes are, they are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (given) => {
      const read = decode(given);
      if ('code' in read) return;
      expect(encode(read)).toEqual(given);
    }),
    { numRuns: 5_000 },
  );
});

test('what was written stays as it is, whatever is written after it', () => {
  const messages = Array.from({ length: 3_000 }, (_, n): Message => {
    const length = n % 100 === 0 ? 5_000 : n % 200;
    return { kind: 'multicast', channel: 'main', bytes: new Uint8Array(length).fill(n) };
  });
  const written = messages.map(encode);
  expect(written.map(decode)).toEqual(messages);
});

test('a text that cannot be written leaves nothing in what is written next', () => {
  const bytes = new Uint8Array(3);
  const half: Message = { kind: 'multicast', channel: '\ud800', bytes };
  expect(() => encode(half)).toThrow(UnencodableError);
  const whole: Message = { ...half, channel: 'main' };
  expect(decode(encode(whole))).toEqual(whole);
});
