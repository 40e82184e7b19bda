import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';
import { application } from './application.ts';

const records = (stdout: string): readonly Record<string, unknown>[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('every member of a group answers a probe, which is marked and not counted', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--json'], environment);
  await ann.json({ type: 'view', id: 1 });
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', '--json'], environment);
  await bob.json({ type: 'view', id: 2 });
  bob.type('hello\n');
  await ann.json({ type: 'message' });
  const probed = await run(['group', 'probe', 'lobby', '--json'], { environment });
  const member = { type: 'member_statistics', status: 'answered', sees: 2, host: hostname() };
  expect(records(probed.stdout)).toMatchObject([
    { ...member, label: 'ann', self: false, observer: false, pid: ann.pid },
    { ...member, label: 'bob', self: false, observer: false, pid: bob.pid },
    { ...member, label: 'choir-probe', self: true, observer: true },
    { type: 'probe', group: 'lobby', members: 2, missing: 0 },
  ]);
  expect(probed.code).toBe(0);
  await ann.json({ type: 'view', id: 4 });
  const { stdout } = await run(['group', 'probe', 'lobby'], { environment });
  expect(stdout).toMatch(/^label +id +since .* process$/m);
  expect(stdout).toMatch(/^ann +\S+ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +2 /m);
  expect(stdout).toMatch(/^choir-probe .*\(this probe, not counted\)$/m);
  expect(stdout).toMatch(/^2 members, 0 of them missing$/m);
});

test('of applications with state, too; one that stands still is listed as missing', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  await application('work', 'ann', environment);
  await application('work', 'busy', environment);
  const args = ['group', 'probe', 'work', '--json', '--timeout', '20s'];
  const { code, stdout } = await run(args, { environment });
  expect(records(stdout)).toMatchObject([
    { label: 'ann', status: 'answered' },
    { label: 'busy', status: 'missing' },
    { label: 'choir-probe', status: 'answered' },
    { type: 'probe', members: 2, missing: 1 },
  ]);
  expect(code).toBe(30);
});

test('a probe makes no group', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const { code, stderr } = await run(['group', 'probe', 'lobby'], { environment });
  expect(code).toBe(7);
  expect(stderr).toContain('is in group "lobby"');
});

test('where a group has no majority a probe says what it waits for', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--json'], environment);
  await ann.json({ type: 'view', id: 1 });
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', '--json'], environment);
  await bob.json({ type: 'view', id: 2 });
  ann.kill('SIGKILL');
  await bob.json({ type: 'primary', primary: false });
  const probe = choir(['group', 'probe', 'lobby', '--timeout', '4s'], environment);
  await probe.errors.next((line) => line.startsWith('waiting to be let into group "lobby"; gives'));
  await probe.errors.next((line) => /^Members let nobody in while they have no maj/.test(line));
  const { code, stdout, stderr } = await probe.ended();
  expect(stderr).toContain('choir: Nobody let this process into group "lobby" within 4 s.');
  expect([code, stdout]).toEqual([3, '']);
});

test('a group across machines is probed through a seed', async () => {
  const key = join(temporaryFolder(), 'cluster.key');
  writeFileSync(key, `1 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  const network = ['--json', '--key', key, '--listen', '127.0.0.1'];
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--init', ...network]);
  const { address } = await ann.json({ type: 'listening' });
  await ann.json({ type: 'view', id: 1 });
  const probed = await run(['group', 'probe', 'lobby', '--seed', `${address}`, ...network]);
  expect(records(probed.stdout)).toMatchObject([
    { label: 'ann', status: 'answered', pid: ann.pid },
    { label: 'choir-probe', self: true },
    { type: 'probe', members: 1, missing: 0 },
  ]);
});

test('options of another action are refused', async () => {
  const { code, stderr } = await run(['group', 'probe', 'lobby', '--leave-at-eof']);
  expect(code).toBe(2);
  expect(stderr).toContain('choir group probe has no option --leave-at-eof');
});
