import { expect, test } from 'vitest';
import type { Command } from '../../src/arguments/command.ts';
import { readCommandLine } from '../../src/arguments/command-line.ts';
import { connecting, patience } from '../../src/arguments/option.ts';

function command(name: string, names: readonly string[], max: number, follow = false): Command {
  return {
    name,
    summary: '',
    synopsis: names.join(' '),
    options: {
      ...connecting,
      ...patience,
      ...(follow ? { follow: { short: 'f', help: '' } } : {}),
    },
    examples: [],
    notes: [],
    words: { names, max, ...(max > 1 ? { restIsApart: true } : {}) },
    run: async () => 'done',
  };
}

const commands = new Map(
  [
    command('send', ['GROUP'], Number.POSITIVE_INFINITY),
    command('log', ['GROUP'], 1, true),
    command('status', [], 0),
  ].map((each) => [each.name, each]),
);

function read(...args: string[]) {
  return readCommandLine(args, commands);
}

function given(...args: string[]) {
  const line = read(...args);
  if (line.kind !== 'command') throw new Error(`read as ${line.kind}`);
  return line.given;
}

test('options may stand before the command, between its words and behind them', () => {
  for (const args of [
    ['--server', 'a', '-f', 'log', 'lobby'],
    ['log', '--server', 'a', 'lobby', '-f'],
    ['log', 'lobby', '--server=a', '--follow'],
  ]) {
    const line = given(...args);
    expect([line.words, line.list('server'), line.flag('follow')]).toEqual([
      ['lobby'],
      ['a'],
      true,
    ]);
  }
});

test('a repeatable option keeps every value, another one must not be repeated', () => {
  expect(given('log', 'lobby', '-s', 'a', '-s', 'b').list('server')).toEqual(['a', 'b']);
  expect(() => given('log', 'lobby', '--id', 'a', '--id', 'b')).toThrow('--id was given twice');
});

test('words that begin with a dash follow --', () => {
  const line = given('log', '--json', '--', '-lobby');
  expect([line.words, line.rest]).toEqual([['-lobby'], undefined]);
  expect(() => read('log', '--')).toThrow('GROUP is missing');
});

test('what follows -- is kept apart where it is a text or a command', () => {
  const line = given('send', 'lobby', '--', '--not-an-option', '-x');
  expect([line.words, line.rest]).toEqual([['lobby'], ['--not-an-option', '-x']]);
});

test('help and version need no command', () => {
  expect(read('--help')).toEqual({ kind: 'help', topic: undefined });
  expect(read('--version')).toEqual({ kind: 'version' });
  expect(read('log', '--help')).toEqual({ kind: 'help', topic: 'log' });
});

test.each([
  [['sned', 'lobby'], 'Did you mean: choir send'],
  [['log', 'lobby', '--folow'], 'Did you mean: --follow'],
  [['send', 'lobby', '--follow'], 'It is one of: choir log'],
  [['log', 'lobby', '--frobnicate'], 'To see its options: choir help log'],
  [['log'], 'GROUP is missing.\nUsage: choir log GROUP'],
  [['log', 'lobby', 'more'], '"more" is one word too many.'],
  [['log', 'lobby', '--json=yes'], '--json takes no value'],
  [['log', 'lobby', '--id'], '--id needs a value: --id ID'],
  [['log', 'lobby', '--id', '--json'], '--id needs a value. If "--json" is it: --id=--json'],
  [[], 'No command was given.'],
  [['__proto__'], 'There is no command "__proto__".'],
  [['log', 'lobby', '--__proto__'], 'choir log has no option --__proto__.'],
])('%j is refused with a hint', (args, hint) => {
  expect(() => read(...args)).toThrow(hint);
});
