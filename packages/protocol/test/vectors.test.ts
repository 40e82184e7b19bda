/**
 * Each kind of message has an example in `vectors/protocol`, and both renderings say the same. To make
 * the bytes follow the JSON again: npm run rewrite -w @choir/protocol, and look at the difference.
 */
import { describe, expect, it } from 'vitest';
import { toJson } from '../src/codec/index.ts';
import { type Codec, decodeFrame, decodeJsonFrame, limits } from '../src/index.ts';
import { codeOf } from './refusals.ts';
import { casesOf, type Kinded, tables } from './tables.ts';
import { fromHex, fromJson, hexOf, refusedVectors, vectorsOf } from './vectors.ts';

describe.each(tables)('the examples of $name', (table) => {
  const { codec } = table;
  const vectors = vectorsOf(table);

  it('show every kind', () => {
    const kinds = new Set(vectors.map(({ json }) => json['kind']));
    expect([...kinds]).toEqual(casesOf(table).map(({ name }) => name));
  });

  it.each(vectors)('$json', ({ json, binary }) => {
    const value = fromJson(codec, json);
    expect(hexOf(codec, value)).toBe(binary);
    expect(fromHex(codec, binary)).toEqual(value);
    expect(toJson(codec, value)).toEqual(json);
  });
});

describe('the frames to be refused', () => {
  it.each(refusedVectors())('$why: $code', ({ table, binary, json, code }) => {
    const codec = tables.find(({ name }) => name === table)?.codec as Codec<Kinded>;
    const decoded =
      binary === undefined
        ? decodeJsonFrame(codec, json ?? '', limits.frameBytes)
        : decodeFrame(codec, Buffer.from(binary, 'hex'), limits.frameBytes);
    expect(codeOf(decoded)).toBe(code);
  });
});
