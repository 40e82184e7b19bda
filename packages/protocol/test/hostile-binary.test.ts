/** Whatever bytes come: no throw, a typed refusal, and what is taken has this one rendering. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Codec,
  decodeFrame,
  encodeMessage,
  fromClient,
  fromServer,
  joinMessages,
  limits,
} from '../src/index.ts';
import { valuesOf } from './arbitrary.ts';
import { codeOf, expectRefusal } from './refusals.ts';
import type { Kinded } from './tables.ts';

const sides = [
  ['client', fromClient as Codec<Kinded>],
  ['server', fromServer as Codec<Kinded>],
] as const;

function frameOf(codec: Codec<Kinded>, messages: readonly Kinded[]): Uint8Array {
  return joinMessages(messages.map((message) => encodeMessage(codec, message)));
}

function judge(codec: Codec<Kinded>, frame: Uint8Array): 'taken' | 'refused' {
  const decoded = decodeFrame(codec, frame, limits.frameBytes);
  if (!decoded.ok) {
    expectRefusal(decoded);
    return 'refused';
  }
  expect(frameOf(codec, decoded.messages)).toEqual(frame);
  return 'taken';
}

type Damage = { readonly at: number; readonly drop: number; readonly put: Uint8Array };

const damages: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    at: fc.nat(400),
    drop: fc.nat(3),
    put: fc.uint8Array({ maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);

function damaged(frame: Uint8Array, damage: readonly Damage[]): Uint8Array {
  let bytes = [...frame];
  for (const { at, drop, put } of damage) {
    const start = at % (bytes.length + 1);
    bytes = bytes.toSpliced(start, drop, ...put);
  }
  return Uint8Array.from(bytes);
}

describe.each(sides)('a frame for messages of a %s', (_side, codec) => {
  const frames = fc
    .array(valuesOf(codec), { minLength: 1, maxLength: 3 })
    .map((messages) => frameOf(codec, messages));

  it('may be random bytes', () => {
    const seen = { taken: 0, refused: 0 };
    const property = fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
      seen[judge(codec, bytes)]++;
    });
    fc.assert(property, { numRuns: 3_000 });
    expect(seen.refused).toBeGreaterThan(0);
  });

  it('may be random bytes in a good envelope', () => {
    const messages = fc.uint8Array({ minLength: 1, maxLength: 60 });
    const property = fc.property(messages, fc.nat(20), (bytes, tag) => {
      judge(codec, Uint8Array.of(bytes.length + 1, tag, ...bytes));
    });
    fc.assert(property, { numRuns: 3_000 });
  });

  it('may be damaged anywhere', () => {
    const seen = { taken: 0, refused: 0 };
    const property = fc.property(frames, damages, (frame, damage) => {
      seen[judge(codec, damaged(frame, damage))]++;
    });
    fc.assert(property, { numRuns: 1_500 });
    // Damage inside a payload cannot be noticed here; damage elsewhere is.
    expect(Math.min(seen.taken, seen.refused)).toBeGreaterThan(0);
  });

  it('cut short is refused, or holds the whole messages before the cut', () => {
    const property = fc.property(frames, (frame) => {
      for (let length = 0; length < frame.length; length++) judge(codec, frame.slice(0, length));
    });
    fc.assert(property, { numRuns: 60 });
  });

  it('is refused whole when its last message is bad', () => {
    const property = fc.property(frames, (frame) => {
      const decoded = decodeFrame(codec, Uint8Array.of(...frame, 1, 0), limits.frameBytes);
      expectRefusal(decoded);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('with bytes behind a message, inside its length, is refused', () => {
    const property = fc.property(valuesOf(codec), (message) => {
      const good = encodeMessage(codec, message);
      if (good.length > 127) return;
      const frame = Uint8Array.of(good.length, ...good.subarray(1), 0);
      expect(codeOf(decodeFrame(codec, frame, limits.frameBytes))).toBe('MALFORMED');
    });
    fc.assert(property);
  });
});
