/** The language-neutral examples of `vectors/protocol`: the JSON is written by people, the bytes follow. */
import { readFileSync, writeFileSync } from 'node:fs';
import { Reader, Writer } from '@choir/bytes';
import { Problems, fromJson as read } from '../src/codec/index.ts';
import type { Code, Codec, Json } from '../src/index.ts';
import { type Kinded, type Table, tables } from './tables.ts';

export type Vector = { readonly json: { readonly [name: string]: Json }; readonly binary: string };

/** A whole frame that must be refused, in one rendering or the other. */
export type RefusedVector = {
  /** Of the page of the protocol. */
  readonly clause: string;
  readonly why: string;
  readonly table: 'from-client' | 'from-server';
  readonly binary?: string;
  readonly json?: string;
  readonly code: Code;
};

export function vectorsOf(table: Table): readonly Vector[] {
  return JSON.parse(readFileSync(fileOf(table.name), 'utf8'));
}

export function refusedVectors(): readonly RefusedVector[] {
  return JSON.parse(readFileSync(fileOf('refused'), 'utf8'));
}

export function fromJson(codec: Codec<Kinded>, json: unknown): Kinded {
  const problems = new Problems();
  const value = read(codec, json, problems);
  if (problems.first === null) return value;
  throw new Error(`${problems.first.path} ${problems.first.problem}: ${JSON.stringify(json)}`);
}

export function hexOf(codec: Codec<Kinded>, value: Kinded): string {
  const writer = new Writer();
  codec.write(writer, value);
  return Buffer.from(writer.take()).toString('hex');
}

export function fromHex(codec: Codec<Kinded>, hex: string): Kinded {
  const bytes = Buffer.from(hex, 'hex');
  const reader = new Reader(bytes);
  const value = codec.read(reader);
  if (!reader.failed && reader.remaining === 0) return value;
  throw new Error(reader.failure?.problem ?? 'bytes are left over');
}

export function rewriteVectors(): void {
  for (const table of tables) {
    const rows = vectorsOf(table).map(({ json }) => {
      return { json, binary: hexOf(table.codec, fromJson(table.codec, json)) };
    });
    const text = rows.map(rowText).join(',\n');
    writeFileSync(fileOf(table.name), `[\n${text}\n]\n`);
  }
}

function rowText({ json, binary }: Vector): string {
  return `  {"json": ${JSON.stringify(json)},\n   "binary": "${binary}"}`;
}

function fileOf(name: string): URL {
  return new URL(`../../../vectors/protocol/${name}.json`, import.meta.url);
}
