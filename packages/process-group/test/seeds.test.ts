import { expect, test } from 'vitest';
import { resolveSeeds } from '../src/transport/seeds.ts';

const host = '127.0.0.1';

test('a name among the seeds stands for its addresses', async () => {
  const network = await resolveSeeds({
    kind: 'unicast',
    host,
    seeds: ['localhost:7000', '192.0.2.7:7001', '[::1]:7002'],
  });
  const seeds = network.kind === 'unicast' ? network.seeds : [];
  expect(seeds).toContain('127.0.0.1:7000');
  expect(seeds?.slice(-2)).toEqual(['192.0.2.7:7001', '[::1]:7002']);
});

test('when no seed has an address, it is said of which name', async () => {
  const resolving = resolveSeeds({ kind: 'unicast', host, seeds: ['nowhere.invalid:7000'] });
  await expect(resolving).rejects.toMatchObject({
    code: 'group-option',
    message: expect.stringContaining('nowhere.invalid:7000'),
  });
});
