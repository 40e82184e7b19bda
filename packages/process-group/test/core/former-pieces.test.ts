import { expect, test } from 'vitest';
import { FormerPieces, type Piece } from '../../src/core/former-pieces.ts';
import { formerPiecesMax, stateBytesMax } from '../../src/core/limits.ts';

const piece = (digest: string, length = 1): Piece => ({ digest, bytes: new Uint8Array(length) });

test('pieces of one transfer after the other are there, the newest first', () => {
  const former = new FormerPieces();
  former.add([piece('a'), piece('b')]);
  former.add([piece('c'), piece('a')]);
  expect(former.digests).toEqual(['c', 'a', 'b']);
  expect(former.get('b')).toEqual(new Uint8Array(1));
  expect(former.get('d')).toBe(undefined);
});

test('as many are kept as there may be, the newest', () => {
  const former = new FormerPieces();
  former.add(Array.from({ length: formerPiecesMax }, (_, n) => piece(`old ${n}`)));
  former.add([piece('new')]);
  expect(former.digests).toHaveLength(formerPiecesMax);
  expect(former.digests.slice(0, 2)).toEqual(['new', 'old 0']);
});

test('they take no more room than a state', () => {
  const former = new FormerPieces();
  // One buffer for all: what counts is what they would take.
  const half = new Uint8Array(stateBytesMax / 2);
  former.add([{ digest: 'a', bytes: half }]);
  former.add([{ digest: 'b', bytes: half }]);
  former.add([piece('c')]);
  expect(former.digests).toEqual(['c', 'b']);
});
