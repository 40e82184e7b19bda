/** `docs/protocol/ftmp.md` says what the code does. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checked, decode, isRefusal, messageTypes } from '../../src/index.ts';
import { examplesOf, freshPage, writtenPage } from './page.ts';
import { encoded, fromHex, messageVectors, orders, refusedVectors, toHex } from './vectors.ts';
import { headerBytes, walk } from './walk.ts';

const page = writtenPage();
const examples = examplesOf(page);
const clauses = new Set([...page.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map(([, clause]) => clause));

describe('the worked examples', () => {
  it('are what the codec writes', () => {
    for (const [name, hex] of examples) {
      const order = name.endsWith('(little endian)') ? 'little' : 'big';
      const vector = messageVectors().find((each) => each.name === name.replace(/ \(lit.*/, ''));
      expect(vector, name).toBeDefined();
      if (vector !== undefined) expect(hex, name).toBe(toHex(encoded(vector, order)));
    }
  });

  it('show every type, in bytes that a receiver takes', () => {
    const shown = [...examples.values()].map((hex) => {
      const message = decode(fromHex(hex));
      return isRefusal(message) ? message.refused : message.header.type;
    });
    expect([...new Set(shown)].sort()).toEqual(Object.keys(messageTypes).sort());
  });

  it('show envelopes that are right', () => {
    for (const name of ['regular', 'regular (little endian)']) {
      const sum = checked.seal(fromHex(examples.get(name) ?? '')).slice(-4);
      expect(page).toContain(`\`${toHex(sum).replace(/..(?=.)/g, '$& ')}\``);
    }
  });
});

describe('the tables of fields', () => {
  it('are fresh (else: npm run rewrite -w @choir/ftmp)', () => {
    expect(page).toBe(freshPage(page));
  });

  it.each(messageVectors())('describe $name', (vector) => {
    const [big, little] = orders.map((order) => walk(fromHex(vector[order])));
    const shown = (rows: typeof big) =>
      rows?.filter(({ name }) => name !== 'flags').map(({ name, shown }) => `${name} ${shown}`);
    expect(shown(little)).toEqual(shown(big));
    for (const { offset, bytes, name, shown } of big ?? []) {
      const value = offset < headerBytes ? undefined : at(vector.body, name);
      const isBytes = /(bytes|address|content|padding)$/.test(name);
      if (value !== undefined) expect(isBytes ? toHex(bytes) : shown, name).toBe(text(value));
    }
  });
});

describe('the clauses', () => {
  it('that the vectors name are there', () => {
    expect(refusedVectors().filter(({ clause }) => !clauses.has(clause))).toEqual([]);
  });

  it('that the sources name are there', () => {
    const listed = execFileSync(
      'git',
      ['ls-files', '-co', '--exclude-standard', 'src/wire', 'src/envelope'],
      {
        cwd: join(import.meta.dirname, '../..'),
      },
    );
    const named = listed
      .toString()
      .trim()
      .split('\n')
      .flatMap((file) => {
        const source = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
        return [...source.matchAll(/\b([WHKBEC]\d{1,2})\b/g)].map(([clause]) => clause);
      });
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((clause) => !clauses.has(clause))).toEqual([]);
  });

  it('name every code that a decoder gives', () => {
    for (const code of new Set(refusedVectors().map(({ code }) => code))) {
      expect(page).toContain(`| \`${code}\` |`);
    }
  });
});

/** The value at a path as in `accepted.successor.members[1]`; undefined where there is none. */
function at(record: unknown, path: string): unknown {
  let value: unknown = record;
  for (const step of path.split(/[.[\]]+/).filter((each) => each !== '')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return typeof value === 'object' ? undefined : value;
}

function text(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
