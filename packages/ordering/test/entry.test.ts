import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeOrdered, encodeOrdered, type Ordered } from '../src/index.ts';

const natural = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 });
const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme-ascii' });

/** Any position, and one that may stand before it. */
const places = fc
  .tuple(natural, natural, natural, natural)
  .map(([epoch, seq, epochsBack, seqsBack]) => ({
    at: { epoch, seq: seq + 1 },
    previous: { epoch: Math.max(0, epoch - epochsBack), seq: Math.max(0, seq - seqsBack) },
  }));

const ordered: fc.Arbitrary<Ordered> = fc.tuple(places, natural).chain(([place, time]) =>
  fc.oneof(
    fc
      .record({ source: name, n: natural, bytes: fc.uint8Array({ maxLength: 50 }) })
      .map((entry) => ({ ...place, ...entry, kind: 'entry' as const, time, n: entry.n + 1 })),
    fc
      .record({ nodes: fc.array(name, { maxLength: 5 }), gone: fc.array(name, { maxLength: 5 }) })
      .map((members) => ({ ...place, ...members, kind: 'members' as const, time })),
  ),
);

test('E1 what was encoded is decoded to an equal entry', () => {
  fc.assert(
    fc.property(ordered, (entry) => {
      const stored = { ...entry.at, bytes: encodeOrdered(entry) };
      expect(decodeOrdered(stored)).toEqual(entry);
    }),
  );
});

test('E2 no bytes make the decoder throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), natural, natural, (bytes, epoch, seq) => {
      decodeOrdered({ epoch, seq, bytes });
    }),
  );
});

test('E2 a cut or lengthened entry is refused', () => {
  fc.assert(
    fc.property(ordered, fc.nat(), (entry, cut) => {
      const bytes = encodeOrdered(entry);
      const shorter = bytes.subarray(0, cut % bytes.length);
      const longer = new Uint8Array([...bytes, 0]);
      for (const wrong of [shorter, longer]) {
        expect(decodeOrdered({ ...entry.at, bytes: wrong }).kind).toBe('undecodable');
      }
    }),
  );
});

test('E2 an entry that claims to follow a later one is refused', () => {
  const entry: Ordered = {
    kind: 'members',
    at: { epoch: 2, seq: 5 },
    previous: { epoch: 2, seq: 4 },
    time: 1,
    nodes: ['a'],
    gone: [],
  };
  const bytes = encodeOrdered(entry);
  expect(decodeOrdered({ epoch: 2, seq: 4, bytes }).kind).toBe('undecodable');
  expect(decodeOrdered({ epoch: 1, seq: 5, bytes }).kind).toBe('undecodable');
});
