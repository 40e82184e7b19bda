import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cutting, type PieceSizes } from '../../src/core/cutting.ts';

const sizes: PieceSizes = { min: 64, max: 512, bits: 6 };

function piecesOf(parts: Iterable<Uint8Array>): readonly Uint8Array[] {
  const cutting = new Cutting(parts, sizes);
  const pieces: Uint8Array[] = [];
  for (let piece = cutting.next(); piece.length > 0; piece = cutting.next()) pieces.push(piece);
  return pieces;
}

/** The same for the same seed, and like chance. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 24;
  });
}

test('the pieces together are what was given, however it came', () => {
  const part = fc.uint8Array({ maxLength: 700 });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      const pieces = piecesOf(parts);
      expect(Buffer.concat(pieces)).toEqual(Buffer.concat(parts));
      expect(piecesOf([Buffer.concat(parts)])).toEqual(pieces);
      for (const piece of pieces.slice(0, -1)) {
        expect(piece.length).toBeGreaterThanOrEqual(sizes.min);
        expect(piece.length).toBeLessThanOrEqual(sizes.max);
      }
    }),
  );
});

test('what is put in, taken out or changed concerns the pieces around it alone', () => {
  const before = noise(20_000, 1);
  const known = new Set(piecesOf([before]).map((piece) => Buffer.from(piece).toString('hex')));
  const others = {
    'put in': Buffer.concat([before.subarray(0, 9_000), noise(33, 2), before.subarray(9_000)]),
    'taken out': Buffer.concat([before.subarray(0, 9_000), before.subarray(9_033)]),
    changed: Buffer.concat([before.subarray(0, 9_000), noise(5, 2), before.subarray(9_005)]),
  };
  for (const [how, after] of Object.entries(others)) {
    const fresh = piecesOf([after]).filter(
      (piece) => !known.has(Buffer.from(piece).toString('hex')),
    );
    expect(fresh.length, how).toBeLessThan(8);
  }
});

test('a piece is not changed by what follows', () => {
  const cutting = new Cutting([noise(4_000, 3)], sizes);
  const first = cutting.next();
  const copy = first.slice();
  cutting.next();
  expect(first).toEqual(copy);
});
