import { expect, test } from 'vitest';
import { scriptOf } from '../../src/irc/script.ts';

function acts(...lines: readonly string[]) {
  return scriptOf(lines.join('\n')).steps.map(({ person, act, line }) => {
    const what = act.kind === 'say' ? act.text : act.kind === 'leave' ? '' : act.name;
    return `${line} #${person} ${act.kind} ${what}`.trim();
  });
}

test('who joins, talks, is renamed and leaves does so in one step for each line', () => {
  expect(
    acts(
      '=== ann [a@host]  has joined #choir',
      '[10:00] <ann> hello',
      '=== ann is now known as ann2 ',
      '=== ann2 [a@host]  has left #choir ["bye"] ',
    ),
  ).toEqual(['1 #0 join ann', '2 #0 say hello', '3 #0 rename ann2', '4 #0 leave']);
});

test('who was there before the log began joins without a line', () => {
  expect(acts('[10:00] <ann> hello', '=== bob [b@host]  has left #choir []')).toEqual([
    '0 #0 join ann',
    '1 #0 say hello',
    '0 #1 join bob',
    '2 #1 leave',
  ]);
});

test('a nick that joins again without having left leaves first, and is the same person', () => {
  const again = '=== ann [a@host]  has joined #choir';
  expect(acts(again, again)).toEqual(['1 #0 join ann', '0 #0 leave', '2 #0 join ann']);
});

test('who takes the nick of somebody present makes that one leave', () => {
  expect(acts('[1:00] x', '[10:00] <a> 1', '[10:00] <b> 2', '=== b is now known as a').at(-2)).toBe(
    '0 #1 leave',
  );
});

test('an action is said by its person, any other line by the server', () => {
  expect(acts('[10:00] <ann> hi', '=== ann waves', '=== mode/#choir [+o ann]  by x', '??')).toEqual(
    [
      '0 #0 join ann',
      '1 #0 say hi',
      '2 #0 say === ann waves',
      '0 #1 join irc-server',
      '3 #1 say === mode/#choir [+o ann]  by x',
      '4 #1 say ??',
    ],
  );
});

test('every line is one step', () => {
  const lines = ['[10:00] <ann> ', '', '=== ', '[10:00] <b c> x', '[10:00] < d > y', '<e> z'];
  const { steps } = scriptOf(`${lines.join('\n')}\n`);
  expect(steps.map(({ line }) => line).filter((line) => line > 0)).toEqual([1, 2, 3, 4, 5, 6]);
});
