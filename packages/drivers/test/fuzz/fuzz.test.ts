import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { allTypes } from './bodies.ts';
import { watchedRun } from './watched-run.ts';

const seed = Number(process.env['CHOIR_SEED'] ?? randomInt(2 ** 31));

test(`datagrams that nobody should send throw nothing, and disturb nobody from outside (CHOIR_SEED=${seed})`, {
  timeout: 90_000,
}, async () => {
  const { failures, attacks, refused } = await watchedRun({ datagrams: 20_000, seed });
  expect(failures).toEqual([]);
  const ofTypes = allTypes.flatMap((type) => [
    `outsider: bare ${type}`,
    `outsider: wrong key ${type}`,
    `stranger: stranger ${type}`,
    `stranger: twin ${type}`,
    `liar: ${type}`,
  ]);
  expect([...attacks.keys()]).toEqual(
    expect.arrayContaining([
      ...ofTypes,
      'outsider: replayed',
      'liar: endless request',
      'liar: slice of nothing',
      'liar: absurd counters',
    ]),
  );
  expect([...refused.keys()]).toEqual(
    expect.arrayContaining([
      'outsider: forged',
      'outsider: replayed',
      'stranger: LIMIT',
      'stranger: stranger',
      'stranger: twin',
    ]),
  );
});
