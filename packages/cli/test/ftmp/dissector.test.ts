/** The dissector for Wireshark and `choir ftmp decode` read the same, field by field. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { headerBytes, messageTypes } from '@choir/ftmp';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pcap } from '../capture/capture-file.ts';
import { run, temporaryFolder } from '../running/choir.ts';
import { decoded, expected, namesIn } from './expected-fields.ts';
import { fieldsOf, hasTshark, wordsOf } from './tshark.ts';
import {
  captured,
  envelopeCapture,
  messageCapture,
  messageVectors,
  refusedCapture,
  sealed,
} from './vector-capture.ts';

function fileWith(capture: Buffer): string {
  const file = join(temporaryFolder(), 'view.pcap');
  writeFileSync(file, capture);
  return file;
}

/** Messages of the vectors with some bytes changed, and a size that is right, so that bodies are looked at. */
const damagedMessages = fc
  .tuple(
    fc.constantFrom(...messageVectors.flatMap(({ big, little }) => [big, little])),
    fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 2 }),
    fc.integer({ min: -3, max: 2 }),
  )
  .map(([hex, changes, more]) => {
    const bytes = Buffer.from(hex, 'hex');
    for (const [at, value] of changes) bytes[4 + (at % (bytes.length - 4))] = value;
    const length = Math.max(headerBytes, bytes.length + more);
    const resized = Buffer.concat([bytes, Buffer.alloc(2)]).subarray(0, length);
    if (((resized[6] ?? 0) & 1) !== 0) resized.writeUInt32LE(length, 8);
    else resized.writeUInt32BE(length, 8);
    return resized.toString('hex');
  });

describe.skipIf(!hasTshark)('tshark with the dissector', { timeout: 60_000 }, () => {
  test('shows every message of the vectors as choir does', async () => {
    const file = fileWith(messageCapture());
    const records = (await decoded(file)).map(expected);
    const names = namesIn(records);
    expect(names.length).toBeGreaterThan(60);
    const shown = await fieldsOf(file, names);
    expect(shown).toHaveLength(2 * messageVectors.length);
    for (const [index, fields] of records.entries()) {
      const vector = messageVectors[Math.floor(index / 2)]?.name;
      for (const name of names) {
        expect(shown[index]?.get(name), `${vector}: ${name}`).toEqual(fields.get(name) ?? []);
      }
    }
  });

  test('has the first of the words of choir in its column Info', async () => {
    const file = fileWith(messageCapture());
    const lines = (await run(['ftmp', 'decode', file])).stdout.trimEnd().split('\n');
    const types = new Set<string>();
    for (const [index, words] of (await wordsOf(file)).entries()) {
      expect(lines[index]).toContain(`  ${words}`);
      if (words !== '') types.add(messageVectors[Math.floor(index / 2)]?.type ?? '');
    }
    const said = Object.keys(messageTypes).filter((type) => !type.startsWith('connect'));
    expect([...types].toSorted()).toEqual(said.toSorted());
  });

  test('refuses what choir refuses, with the same code', async () => {
    const file = fileWith(refusedCapture());
    const records = await decoded(file);
    const shown = await fieldsOf(file, ['frame.number', 'ftmp.refused', '_ws.expert.message']);
    expect(shown.map((fields) => fields.get('ftmp.refused'))).toEqual(
      records.map(({ code }) => (code === undefined ? [] : [code])),
    );
    for (const fields of shown) {
      const [code] = fields.get('ftmp.refused') ?? [];
      if (code !== undefined) expect(fields.get('_ws.expert.message')?.join()).toContain(code);
    }
  });

  test('judges damaged messages as choir does', async () => {
    const seed = Date.now() % 2 ** 31;
    const samples = fc.sample(damagedMessages, { numRuns: 3_000, seed });
    const file = fileWith(pcap(samples.map((message) => captured(sealed(message)))));
    const records = await decoded(file);
    const shown = await fieldsOf(file, ['ftmp.refused', '_ws.lua.error']);
    for (const [index, { code }] of records.entries()) {
      const why = `seed ${seed}: ${samples[index]}`;
      expect(shown[index]?.get('ftmp.refused'), why).toEqual(code === undefined ? [] : [code]);
      expect(shown[index]?.get('_ws.lua.error'), why).toEqual([]);
    }
    const codes = new Set(records.map(({ code }) => code));
    expect([...codes]).toEqual(expect.arrayContaining([undefined, 'FLAGS', 'LIMIT', 'BODY']));
  });

  test('tells damage, and the heads of what is encrypted, as choir does', async () => {
    const file = fileWith(envelopeCapture());
    const records = (await decoded(file)).map(expected);
    const names = namesIn(records).filter((name) => /refused|envelope/.test(name));
    const shown = await fieldsOf(file, names);
    for (const [index, fields] of records.entries()) {
      for (const name of names) {
        expect(shown[index]?.get(name), `${index + 1}: ${name}`).toEqual(fields.get(name) ?? []);
      }
    }
  });
});
