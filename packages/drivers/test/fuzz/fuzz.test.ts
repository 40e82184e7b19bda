import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { fuzzRun } from './fuzz-run.ts';

const seed = Number(process.env['CHOIR_SEED'] ?? randomInt(2 ** 31));

test(`datagrams that nobody should send throw nothing, and disturb nobody from outside (CHOIR_SEED=${seed})`, {
  timeout: 60_000,
}, () => {
  const { failures, attacks, refused } = fuzzRun({ datagrams: 20_000, seed });
  expect(failures).toEqual([]);
  expect([...attacks.keys()]).toEqual(
    expect.arrayContaining([
      'outsider: replayed',
      'outsider: wrong key',
      'stranger: twin',
      'liar: endless request',
      'liar: slice of nothing',
      'liar: absurd counters',
    ]),
  );
  expect([...refused.keys()]).toEqual(
    expect.arrayContaining([
      'outsider: forged',
      'outsider: replayed',
      'stranger: stranger',
      'stranger: twin',
    ]),
  );
});
