/** `--init` beside `--seed`: a group that is there is joined, and not made a second time. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';

function network(): readonly string[] {
  const key = join(temporaryFolder(), 'cluster.key');
  writeFileSync(key, `1 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  return ['--json', '--key', key, '--listen', '127.0.0.1'];
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

test('where the group is, it is joined', async () => {
  const here = network();
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--init', ...here]);
  const { address } = await ann.json({ type: 'listening' });
  await ann.json({ type: 'view', id: 1 });
  const both = ['--init', '--seed', `${address}`];
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', ...both, ...here]);
  expect(await bob.json({ type: 'view' })).toMatchObject({ id: 2, members: ['ann', 'bob'] });
  expect(bob.errors.text).toContain('the group is there: joined it, and made none');
});

test('where nobody answers, it is made, and others reach its maker where it said', async () => {
  const here = network();
  const both = ['--init', '--seed', '127.0.0.1:9'];
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', ...both, ...here]);
  const { address } = await ann.json({ type: 'listening' });
  expect(await ann.json({ type: 'view' })).toMatchObject({ id: 1, members: ['ann'] });
  expect(ann.errors.text).toContain('nobody answered at the seeds within 5 s: making the group');
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', '--seed', `${address}`, ...here]);
  expect(await bob.json({ type: 'view' })).toMatchObject({ members: ['ann', 'bob'] });
});

test('those who wait for the group already, with one list of seeds for all, are none who answer', {
  timeout: 60_000,
}, async () => {
  const here = network();
  const maker = `127.0.0.1:${await freePort()}`;
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', '--seed', maker, ...here]);
  const { address } = await bob.json({ type: 'listening' });
  const both = ['--init', '--seed', maker, '--seed', `${address}`];
  const listen = here.with(-1, maker);
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', ...both, ...listen]);
  expect(await ann.json({ type: 'view' })).toMatchObject({ id: 1, members: ['ann'] });
  expect(await bob.json({ type: 'view' })).toMatchObject({ id: 2, members: ['ann', 'bob'] });
});

test('where somebody answers who lets nobody in, none is made', { timeout: 60_000 }, async () => {
  const here = network();
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--init', ...here]);
  const { address } = await ann.json({ type: 'listening' });
  await ann.json({ type: 'view', id: 1 });
  const seed = ['--seed', `${address}`];
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', ...seed, ...here]);
  const { address: bobs } = await bob.json({ type: 'listening' });
  await bob.json({ type: 'view', id: 2 });
  ann.kill('SIGKILL');
  await bob.json({ type: 'primary', primary: false });
  const both = ['--init', '--seed', `${bobs}`];
  const { code, stdout, stderr } = await run(['group', 'join', 'lobby', ...both, ...here]);
  expect(stderr).toContain('the group was not made');
  expect(stdout).not.toContain('"view"');
  expect(code).toBe(3);
});
