import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Part } from './parts.ts';
import { runPart } from './run-part.ts';
import { closingLine, table } from './table.ts';

const root = join(import.meta.dirname, '../..');

function script(source: string, budgetSeconds = 60): Part {
  const command = ['node', '-e', source] as const;
  return {
    name: 'script',
    kind: 'test',
    command: [...command],
    budgetSeconds,
    note: /Tests +(.*)/,
  };
}

function run(part: Part) {
  return runPart(part, root, new AbortController().signal);
}

test('a part that ends well passes, and its note is taken from its output', async () => {
  const outcome = await run(script('console.log("\\u001b[2mTests  \\u001b[22m3 passed")'));
  expect(outcome).toMatchObject({ result: 'passed', note: '3 passed' });
});

test('a part that ends badly fails, and its output is kept', async () => {
  const outcome = await run(script('console.error("no luck"); process.exit(3)'));
  expect(outcome).toMatchObject({ result: 'failed', output: 'no luck\n' });
});

test('a command that does not exist fails', async () => {
  const outcome = await run({ ...script(''), command: ['no-such-command'] });
  expect(outcome.result).toBe('failed');
  expect(outcome.output).toContain('no-such-command');
});

test('a part over its budget is marked', async () => {
  const outcome = await run(
    script('const end = Date.now() + 200; while (Date.now() < end);', 0.15),
  );
  expect(outcome.result).toBe('over budget');
});

test('a part that hangs is stopped with everything it started', async () => {
  const hang = `require('node:child_process').spawnSync('node', ['-e', 'setInterval(Date, 1e6)'])`;
  const outcome = await run(script(hang, 0.1));
  expect(outcome.result).toBe('stopped');
});

test('an interrupted run stops its part', async () => {
  const interrupted = new AbortController();
  const running = runPart(script('setInterval(Date, 1e6)'), root, interrupted.signal);
  interrupted.abort();
  expect((await running).result).toBe('stopped');
});

test('the table shows the time used beside the budget, and the closing line counts the parts', () => {
  const outcomes = [
    { part: script(''), result: 'passed', seconds: 1.25, note: '3 passed', output: '' },
    { part: script('', 2), result: 'over budget', seconds: 3, note: '', output: '' },
    { part: script(''), result: 'stopped', seconds: 180, note: '', output: '' },
  ] as const;
  expect(table(outcomes)).toBe(
    [
      'part    seconds  budget  result',
      'script      1.3      60  passed  3 passed',
      'script      3.0       2  over budget',
      'script    180.0      60  stopped',
    ].join('\n'),
  );
  expect(closingLine(outcomes)).toBe('2 passed, 1 failed');
});
