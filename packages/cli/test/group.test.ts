import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from './running/choir.ts';

test('two terminals are in one group without any set-up; who is killed is gone, and returns', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const start = (id: string) =>
    choir(['group', 'join', 'lobby', '--id', id, '--json'], environment);
  const ann = start('ann');
  await ann.json({ type: 'view', id: 1 });
  const bob = start('bob');
  await bob.json({ type: 'view', id: 2 });
  const eve = start('eve');
  await eve.json({ type: 'view', id: 3 });
  bob.type('hello\n');
  for (const one of [ann, bob, eve]) {
    expect(await one.json({ type: 'message' })).toEqual({
      type: 'message',
      sender: 'bob',
      data: 'hello',
      channel: 'main',
    });
  }
  bob.kill('SIGKILL');
  const unchanged = { joined: [], returned: [], left: [], excluded: [] };
  expect(await ann.json({ type: 'view', id: 4 })).toEqual({
    type: 'view',
    id: 4,
    members: ['ann', 'eve'],
    primary: true,
    ...unchanged,
    excluded: ['bob'],
  });
  const again = start('bob');
  const back = { ...unchanged, joined: ['bob'], returned: ['bob'] };
  expect(await again.json({ type: 'view' })).toMatchObject({ id: 5, primary: true, ...back });
  again.kill('SIGINT');
  expect((await again.ended()).code).toBe(0);
  const ended = { members: ['ann', 'eve'], ...unchanged, left: ['bob'] };
  expect(await eve.json({ type: 'view', id: 6 })).toMatchObject(ended);
});

test('lines of a pipe are multicast before it leaves at their end', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const listener = choir(['group', 'join', 'lobby', '--id', 'ann'], environment);
  await listener.out.next((line) => line.includes('view 1'));
  const input = Array.from({ length: 1_000 }, (_, n) => `line ${n}\n`).join('');
  const args = ['group', 'join', 'lobby', '--id', 'bob', '--leave-at-eof'];
  expect((await run(args, { input, environment })).code).toBe(0);
  await listener.out.next((line) => line === 'bob: line 999');
  const heard = listener.out.lines.filter((line) => line.startsWith('bob: '));
  expect(heard).toEqual(
    input
      .trimEnd()
      .split('\n')
      .map((line) => `bob: ${line}`),
  );
});

test('across machines a group is made with --init and a key, and joined by a seed', async () => {
  const key = join(temporaryFolder(), 'cluster.key');
  writeFileSync(key, `1 ${'5a'.repeat(32)}\n`, { mode: 0o600 });
  const network = ['--json', '--key', key, '--listen', '127.0.0.1'];
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--init', ...network]);
  const { address } = await ann.json({ type: 'listening' });
  await ann.json({ type: 'view', id: 1 });
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', '--seed', `${address}`, ...network]);
  expect(await bob.json({ type: 'view' })).toMatchObject({ members: ['ann', 'bob'] });
  const stranger = join(temporaryFolder(), 'other.key');
  writeFileSync(stranger, `1 ${'a5'.repeat(32)}\n`, { mode: 0o600 });
  const seed = ['--seed', `${address}`, '--listen', '127.0.0.1', '--timeout', '2s'];
  const other = await run(['group', 'join', 'lobby', '--key', stranger, ...seed]);
  expect(other.code).toBe(3);
  expect(other.stderr).toContain('Nobody let this process into group "lobby" within 2 s');
});

test('the younger of two waits when the older is killed, says so, and can leave', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--json'], environment);
  await ann.json({ type: 'view', id: 1 });
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', '--json'], environment);
  await bob.json({ type: 'view', id: 2 });
  ann.kill('SIGKILL');
  expect(await bob.json({ type: 'primary' })).toEqual({ type: 'primary', primary: false });
  bob.kill('SIGINT');
  expect((await bob.ended()).code).toBe(0);
});

test('who was removed and comes back says that it missed something', {
  timeout: 60_000,
}, async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const start = (id: string) => choir(['group', 'join', 'lobby', '--id', id], environment);
  const ann = start('ann');
  await ann.out.next((line) => line.startsWith('view 1'));
  const bob = start('bob');
  await bob.out.next((line) => line.startsWith('view 2'));
  const eve = start('eve');
  await eve.out.next((line) => line.startsWith('view 3'));
  eve.kill('SIGSTOP');
  await ann.out.next((line) => line.endsWith('(eve is gone)'));
  ann.type('eve does not hear this\n');
  await bob.out.next((line) => line === 'ann: eve does not hear this');
  eve.kill('SIGCONT');
  await eve.out.next((line) => line.startsWith('the others removed this process; it comes'));
  expect(eve.out.text).toContain('it comes back by itself, and what was said meanwhile is missed');
  await eve.out.next((line) => line.includes('eve is back'));
  expect(eve.out.text).not.toContain('eve does not hear this');
});
