import { expect, test } from 'vitest';
import { choir, run } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

function join(url: string, name: string, ...more: readonly string[]) {
  return choir(['join', 'lobby', '--json', '--server', url, '--name', name, ...more]);
}

test('members see what each says, in one order, and who comes and goes', async () => {
  const { url } = await startServer();
  const ann = join(url, 'Ann');
  await ann.json({ type: 'joined' });
  const bob = join(url, 'Bob');
  await bob.json({ type: 'joined', name: 'Bob' });
  await ann.json({ type: 'member', kind: 'new_member', name: 'Bob', status: 'member' });
  ann.type('hello\n');
  const heard = await bob.json({ type: 'message', kind: 'bcast', name: 'Ann' });
  expect(heard).toMatchObject({ group: 'lobby', data: 'hello', globalId: expect.any(Number) });
  bob.type('hi Ann\n');
  await ann.json({ type: 'message', name: 'Bob', data: 'hi Ann' });
  bob.kill('SIGINT');
  expect((await bob.ended()).code).toBe(0);
  await ann.json({ type: 'member', kind: 'non_member', name: 'Bob', status: 'non_member' });
});

test('a member whose process is killed is disconnected, not gone', async () => {
  const { url } = await startServer();
  const ann = join(url, 'Ann');
  await ann.json({ type: 'joined' });
  const bob = join(url, 'Bob');
  await ann.json({ type: 'member', kind: 'new_member' });
  bob.kill('SIGKILL');
  await ann.json({ type: 'member', kind: 'disconnected_member', status: 'disconnected_member' });
  const { stdout } = await run(['members', 'lobby', '--json', '--server', url]);
  const members = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(members.map(({ name, status }) => [name, status])).toEqual([
    ['Ann', 'member'],
    ['Bob', 'disconnected_member'],
  ]);
});

test('it goes on listening when its input has ended', async () => {
  const { url } = await startServer();
  const ann = join(url, 'Ann');
  ann.endInput('one line\n');
  await ann.json({ type: 'ack', data: 'one line' });
  await run(['send', 'lobby', 'from outside', '--server', url]);
  await ann.json({ type: 'message', data: 'from outside' });
  ann.kill('SIGTERM');
  expect((await ann.ended()).code).toBe(0);
});

test('with --leave-at-eof it leaves once everything is acknowledged', async () => {
  const { url } = await startServer();
  const ann = join(url, 'Ann', '--leave-at-eof');
  ann.endInput('one\ntwo\n');
  const { code, stdout } = await ann.ended();
  expect(code).toBe(0);
  expect(stdout.match(/"type":"ack"/g)).toHaveLength(2);
});

test('what is said while the server is away is sent when it is back', async () => {
  const server = await startServer();
  const ann = join(server.url, 'Ann');
  await ann.json({ type: 'joined' });
  server.process.kill('SIGKILL');
  await server.process.ended();
  ann.type('patience\n');
  await ann.json({ type: 'connection', status: 'offline' });
  const port = Number(new URL(server.url).port);
  await startServer({ data: server.data, port });
  await ann.json({ type: 'rejoined', resent: 1 });
  await ann.json({ type: 'message', data: 'patience' });
  await ann.json({ type: 'ack', data: 'patience' });
});

test('people see lines, with what others could do to a terminal made visible', async () => {
  const { url } = await startServer();
  const ann = choir(['join', 'lobby', '--server', url, '--name', 'Ann']);
  await ann.out.next((line) => line === 'joined lobby as Ann; members: Ann');
  await run(['send', 'lobby', 'red \u001b[31malert', '--server', url]);
  const line = await ann.out.next((text) => text.includes('alert'));
  expect(line).toMatch(/^\d\d:\d\d:\d\d c-\w+: red \\x1b\[31malert$/);
});
