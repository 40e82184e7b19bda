/** What is written comes back, in both renderings, for every kind of message. */
import { isDeepStrictEqual } from 'node:util';
import { Reader, Writer } from '@choir/bytes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Codec,
  decodeFrame,
  decodeJsonFrame,
  encodeJsonMessage,
  encodeMessage,
  fromClient,
  fromServer,
  joinJsonMessages,
  joinMessages,
  limits,
} from '../src/index.ts';
import { valuesOf } from './arbitrary.ts';
import { casesOf, type Kinded, tables } from './tables.ts';

const everyKind = tables.flatMap((table) =>
  casesOf(table).map(({ name }) => [table.name, name, table.codec] as const),
);

function bytesOf<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new Writer();
  codec.write(writer, value);
  return writer.take();
}

describe.each(everyKind)('%s %s', (_table, kind, codec) => {
  const values = valuesOf(codec).filter((value: Kinded) => value.kind === kind);

  it('comes back from binary, and gives the same bytes again', () => {
    const property = fc.property(values, (value) => {
      const bytes = bytesOf(codec, value);
      const reader = new Reader(bytes);
      const back = codec.read(reader);
      expect(reader.failure).toBeNull();
      expect(reader.remaining).toBe(0);
      expect(isDeepStrictEqual(back, value)).toBe(true);
      expect(bytesOf(codec, back)).toEqual(bytes);
    });
    fc.assert(property, { numRuns: 30 });
  });

  it('comes back from JSON', () => {
    const property = fc.property(values, (value) => {
      const frame = encodeJsonMessage(codec, value);
      expect(frame).not.toContain('\n');
      const decoded = decodeJsonFrame(codec, frame, limits.frameBytes);
      expect(decoded).toEqual({ ok: true, messages: [value] });
    });
    fc.assert(property, { numRuns: 30 });
  });
});

describe('a frame', () => {
  it.each([
    ['client', fromClient],
    ['server', fromServer],
  ])('of messages of a %s comes back in both renderings', (_side, side) => {
    const codec = side as Codec<Kinded>;
    const batches = fc.array(valuesOf(codec), { maxLength: 5 });
    const property = fc.property(batches, (messages) => {
      const binary = joinMessages(messages.map((each) => encodeMessage(codec, each)));
      expect(decodeFrame(codec, binary, binary.length)).toEqual({ ok: true, messages });
      const json = joinJsonMessages(messages.map((each) => encodeJsonMessage(codec, each)));
      const bytes = Buffer.byteLength(json);
      expect(decodeJsonFrame(codec, json, bytes)).toEqual({ ok: true, messages });
    });
    fc.assert(property);
  });
});
