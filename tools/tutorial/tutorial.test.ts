/** The tutorials, followed to the letter; and what happens when one is wrong. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { follow } from './follow.ts';
import { changed, stepsOf } from './page.ts';

const tutorials = [
  { page: 'docs/tutorial.md', project: 'todo' },
  { page: 'docs/process-groups/tutorial.md', project: 'talk' },
];

const textOf = (page: string) => readFileSync(join(import.meta.dirname, '../..', page), 'utf8');

function place(project: string) {
  const folder = mkdtempSync(join(tmpdir(), 'choir-tutorial-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, project };
}

test.each(tutorials)('$page does what it says', { timeout: 180_000 }, async (tutorial) => {
  await follow(textOf(tutorial.page), place(tutorial.project));
});

test.each(tutorials)('all blocks of $page count but those that only show', ({ page }) => {
  const blocks = textOf(page).match(/^```\w+.*$/gm) ?? [];
  expect(stepsOf(textOf(page))).toHaveLength(blocks.length);
  expect(blocks.length).toBeGreaterThan(30);
});

const session = (...lines: readonly string[]) => `\`\`\`console A\n${lines.join('\n')}\n\`\`\`\n`;

test.each([
  ['another line', session('$ echo one', 'two'), 'the page shows two, printed was one'],
  ['a line too many', session('$ echo one'), 'the page does not show\none'],
  ['a program that fails', session('$ node missing.mjs'), 'the page does not show'],
])('%s is noticed', async (_what, wrong, message) => {
  await expect(follow(wrong, place('.'))).rejects.toThrow(message);
});

test('what is elided may be anything, and something in between', async () => {
  const right = session('$ echo one; echo two', '…', 't…o', '$ echo three', '…');
  await follow(right.replace('echo one', 'sh -c "echo one').replace('two\n', 'two"\n'), place('.'));
});

test('a program is stopped, goes on, and ends with its input', async () => {
  const right = session('$ cat', '> one', 'one', '^Z', '$ fg', '> two', 'two', '^D');
  await follow(right, place('.'));
});

test('a change needs exactly one place', () => {
  const change = { before: ['a'], after: ['a', 'b'] };
  expect(changed('x\na\n', change)).toBe('x\na\nb\n');
  expect(() => changed('x\n', change)).toThrow('0 places');
  expect(() => changed('a\nx\na\n', change)).toThrow('2 places');
});
