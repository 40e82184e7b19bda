/** Messages that come in slices (E15). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Slices } from '../../src/rmp/slices.ts';
import { type Slice, slicesOf } from '../../src/wire/slice.ts';

const windowBytes = 100_000;
const message = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 7) % 251);

function cut(bytes: Uint8Array, contentBytes: number): readonly Slice[] {
  return [...slicesOf(bytes, contentBytes)];
}

describe('a message in slices', () => {
  test('is there when the last of them has come', () => {
    const whole = message(3_000);
    const slices = new Slices(windowBytes);
    const [first, second, third] = cut(whole, 1_000) as [Slice, Slice, Slice];
    expect(slices.take(5, third)).toBeNull();
    expect(slices.take(5, first)).toBeNull();
    expect(slices.take(5, first)).toBeNull();
    expect(slices.take(5, second)).toEqual(whole);
  });

  test('is the same in whatever order they come, however often, cut in whatever ways', () => {
    const ways = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 3 });
    const all = ways.chain((sizes) => {
      const slices = sizes.flatMap((bytes) => cut(message(700), bytes));
      return fc.shuffledSubarray(slices, { minLength: slices.length });
    });
    fc.assert(
      fc.property(all, (shuffled) => {
        const slices = new Slices(windowBytes);
        const covered = new Set<number>();
        for (const slice of shuffled) {
          const { offset, content } = slice;
          for (let at = 0; at < content.length; at += 1) covered.add(offset + at);
          const whole = slices.take(1, slice);
          if (covered.size < 700) expect(whole).toBeNull();
          else {
            expect(whole).toEqual(message(700));
            return;
          }
        }
      }),
    );
  });

  test('begins anew where a slice says that it has another length', () => {
    const slices = new Slices(windowBytes);
    const [first, second] = cut(message(2_000), 1_000) as [Slice, Slice];
    slices.take(5, first);
    expect(slices.take(5, { ...second, length: 2_001 })).toBeNull();
    expect(slices.take(5, second)).toBeNull();
    expect(slices.take(5, first)).toEqual(message(2_000));
  });

  test('begins anew when it was dropped', () => {
    const slices = new Slices(windowBytes);
    const [first, second] = cut(message(2_000), 1_000) as [Slice, Slice];
    slices.take(5, first);
    slices.drop(5);
    expect(slices.take(5, second)).toBeNull();
    slices.clear();
    expect(slices.take(5, first)).toBeNull();
  });
});

describe('R6: where there is no room for all', () => {
  /** The room is that of a window and of one message more. */
  function filled(): { slices: Slices; first: Slice; second: Slice } {
    const slices = new Slices(60_000);
    const [first, second] = cut(message(60_000), 30_000) as [Slice, Slice];
    expect(slices.take(8, first)).toBeNull();
    expect(slices.take(9, first)).toBeNull();
    return { slices, first, second };
  }

  test('a lower number takes the place of the highest', () => {
    const { slices, first, second } = filled();
    slices.take(7, first);
    expect(slices.take(8, second)).not.toBeNull();
    expect(slices.take(9, second)).toBeNull();
    expect(slices.take(7, second)).not.toBeNull();
  });

  test('a higher number has none', () => {
    const { slices, first, second } = filled();
    slices.take(10, first);
    expect(slices.take(10, second)).toBeNull();
    expect(slices.take(8, second)).not.toBeNull();
    expect(slices.take(9, second)).not.toBeNull();
  });

  test('short ones have room for few', () => {
    const slices = new Slices(60_000);
    const [first, second] = cut(message(2), 1) as [Slice, Slice];
    for (let sequence = 1_000; sequence > 0; sequence -= 1) slices.take(sequence, first);
    expect(slices.take(1, second)).not.toBeNull();
    expect(slices.take(1_000, second)).toBeNull();
  });

  test('one of many parts is begun anew', () => {
    const slices = new Slices(60_000);
    const parts = cut(message(2_000), 1);
    for (const [at, part] of parts.entries()) if (at % 2 === 0) slices.take(5, part);
    let whole: Uint8Array | null = null;
    for (const [at, part] of parts.entries()) if (at % 2 === 1) whole ??= slices.take(5, part);
    expect(whole).toBeNull();
  });
});
