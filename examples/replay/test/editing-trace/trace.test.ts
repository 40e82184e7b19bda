import { expect, test } from 'vitest';
import { readTrace } from '../../src/editing-trace/trace.ts';

function trace(...txns: readonly object[]): string {
  return JSON.stringify({ kind: 'concurrent', endContent: '', numAgents: 2, txns });
}

const patches = [[0, 0, 'x']];

test('what a transaction has seen is counted for each author, through all its parents', () => {
  const { transactions } = readTrace(
    trace(
      { agent: 0, parents: [], patches },
      { agent: 0, parents: [0], patches },
      { agent: 1, parents: [0], patches },
      { agent: 1, parents: [1, 2], patches },
    ),
  );
  expect(transactions.map(({ seen }) => seen)).toEqual([
    [0, 0],
    [1, 0],
    [1, 0],
    [2, 1],
  ]);
});

test.each([
  ['no JSON', '{'],
  ['another kind', '{"kind":"sequential"}'],
  ['a parent that comes later', trace({ agent: 0, parents: [0], patches })],
  [
    'an author out of order',
    trace({ agent: 0, parents: [], patches }, { agent: 0, parents: [], patches }),
  ],
  ['an unknown author', trace({ agent: 2, parents: [], patches })],
  ['a patch without text', trace({ agent: 0, parents: [], patches: [[0, 0]] })],
])('%s is refused with a sentence', (_, text) => {
  expect(() => readTrace(text)).toThrow(expect.objectContaining({ name: 'InputError' }));
});
