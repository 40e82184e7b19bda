import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { allTypes } from './bodies.ts';
import { socketRun } from './socket-run.ts';

const seed = Number(process.env['CHOIR_SEED'] ?? randomInt(2 ** 31));

test(`datagrams that nobody should send end and disturb no processor that they reach through its socket (CHOIR_SEED=${seed})`, {
  timeout: 90_000,
}, async () => {
  const result = await socketRun({ datagrams: 6_000, seed, perSecond: 2_000 });
  expect(result.failures).toEqual([]);
  expect(result.sent).toBeGreaterThan(100);
  const refusals = ['outsider: forged', 'outsider: replayed', 'stranger: stranger'];
  expect([...result.refused.keys()]).toEqual(
    expect.arrayContaining([...refusals, 'stranger: twin']),
  );
  // Strangers are told that the group is there, each at most once for a datagram.
  const names = [...result.attacks.keys()].filter((name) => name.startsWith('stranger: stranger'));
  expect(names).toEqual(
    expect.arrayContaining(allTypes.map((type) => `stranger: stranger ${type}`)),
  );
  const strangers = names.reduce((sum, name) => sum + (result.attacks.get(name) ?? 0), 0);
  expect(result.answers).toBeGreaterThan(0);
  expect(result.answers).toBeLessThanOrEqual(strangers);
});
