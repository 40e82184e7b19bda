/** A seed by name whose host starts later: a process that looks for the group finds it, and was warned of it meanwhile. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { choir, temporaryFolder } from '../running/choir.ts';

/** Makes all threads of a process find this machine under `late.example` from when the file is there. */
const nameService = (file: string): string => `
import dns from 'node:dns';
import { existsSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { lookup } = dns;
dns.lookup = (name, options, found) => {
  if (name !== 'late.example') return lookup(name, options, found);
  if (existsSync(${JSON.stringify(file)})) return found(null, [{ address: '127.0.0.1', family: 4 }]);
  found(Object.assign(new Error('getaddrinfo ENOTFOUND late.example'), { code: 'ENOTFOUND' }), []);
};
syncBuiltinESMExports();
`;

test('a name that comes to have an address while the group is looked for is asked then', async () => {
  const folder = temporaryFolder();
  const key = join(folder, 'cluster.key');
  const named = join(folder, 'named');
  const preloaded = join(folder, 'name-service.mjs');
  writeFileSync(key, `1 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  writeFileSync(preloaded, nameService(named));
  const network = ['--json', '--key', key, '--listen', '127.0.0.1'];
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--init', ...network]);
  const { address } = await ann.json({ type: 'listening' });
  const [, port] = String(address).split(':');
  const seeds = ['--seed', '127.0.0.1:9', '--seed', `late.example:${port}`];
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', ...seeds, ...network], {
    NODE_OPTIONS: `--import=${preloaded}`,
  });
  await bob.errors.next((line) => line.startsWith(`The seed late.example:${port} has no address`));
  writeFileSync(named, '');
  expect(await bob.json({ type: 'view' })).toMatchObject({ members: ['ann', 'bob'] });
});
