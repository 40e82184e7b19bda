import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '../src/commands/index.ts';
import { exitCodes } from '../src/exit-code.ts';
import { helpText } from '../src/help/help.ts';
import { manual } from '../src/help/manual.ts';

const page = fileURLToPath(new URL('../../../docs/cli.md', import.meta.url));

test('docs/cli.md is what choir help says (vitest -u writes it)', async () => {
  await expect(manual(commands)).toMatchFileSnapshot(page);
});

test('every line of help fits into 80 columns', () => {
  for (const topic of [undefined, ...commands.keys(), 'exit-codes', 'identity', 'json']) {
    const wide = helpText(topic, commands)
      .split('\n')
      .filter((line) => line.length > 80);
    expect(wide).toEqual([]);
  }
});

test('no exit code is used twice', () => {
  const numbers = Object.values(exitCodes).map(([number]) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
});
