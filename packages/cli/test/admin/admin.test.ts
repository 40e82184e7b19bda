import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

/** Many processes, one after the other. */
const slow = { timeout: 90_000 };

type Line = Readonly<Record<string, unknown>>;

function linesOf(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** A server with two groups, in one of them an object with two updates. */
async function filled() {
  const state = temporaryFolder();
  const server = await startServer({ args: ['--admin', 'root'] });
  const environment = { CHOIR_STATE: state, CHOIR_SERVER: server.url };
  const choir = (...args: readonly string[]) => run(args, { environment });
  await choir('send', 'lobby', 'one', 'two');
  await choir('object', 'team/design', 'notes', 'set', 'first');
  await choir('object', 'team/design', 'notes', 'append', ' second');
  const stop = async () => {
    server.process.kill('SIGTERM');
    await server.process.ended();
  };
  return { server, data: server.data, choir, stop };
}

test('groups are told by the server that runs, and from the log of one that does not', async () => {
  const { data, choir, stop } = await filled();
  const running = await choir('admin', 'groups', '--data', data, '--json');
  const wanted = { stateful: true, members: 0, disconnected: 0, locks: 0 };
  expect(linesOf(running.stdout)).toMatchObject([
    { type: 'group_summary', group: 'lobby', objects: 0, ...wanted },
    { type: 'group_summary', group: 'team/design', objects: 1, ...wanted },
  ]);
  for (const group of linesOf(running.stdout)) expect(Number(group['entries'])).toBeLessThan(7);
  const people = await choir('admin', 'groups', '--data', data);
  expect(people.stderr).toMatch(/^group +members +objects +locks +entries +bytes$/m);
  expect(people.stdout).toMatch(/^team\/design +0 +1 +0 +\d+ +\d+$/m);
  await stop();
  const stopped = await choir('admin', 'groups', '--data', data, '--json');
  expect(linesOf(stopped.stdout)).toMatchObject([
    { group: 'lobby', entries: 2, bytes: expect.any(Number) },
    { group: 'team/design', entries: 6, objects: 1 },
  ]);
});

test(
  'a backup of a server that runs is whole, and a server starts on it with a new epoch',
  slow,
  async () => {
    const { data, choir, stop } = await filled();
    const copy = join(temporaryFolder(), 'copy');
    const made = await choir('admin', 'backup', copy, '--data', data, '--json');
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    const [{ globalId, epoch } = {}] = linesOf(made.stdout);
    expect((await choir('admin', 'check', '--data', copy)).code).toBe(0);
    await choir('send', 'lobby', 'after the backup');
    await stop();
    const restored = await startServer({ data: copy });
    const log = await choir('log', 'lobby', '--json', '--server', restored.url);
    expect(linesOf(log.stdout).map((line) => line['data'])).toEqual(['one', 'two']);
    const status = await choir('status', '--json', '--server', restored.url);
    const [now = {}] = linesOf(status.stdout);
    // Not the next one: that is the original's, should it be killed.
    expect(now['epoch']).toBeGreaterThan(Number(epoch) + 1);
    expect(Number(now['globalId'])).toBeGreaterThanOrEqual(Number(globalId));
  },
);

test('a backup of a server that is stopped is whole; nothing is overwritten', async () => {
  const { data, choir, stop } = await filled();
  await stop();
  const copy = join(temporaryFolder(), 'copy');
  expect((await choir('admin', 'backup', copy, '--data', data)).code).toBe(0);
  expect((await choir('admin', 'check', '--data', copy)).code).toBe(0);
  const again = await choir('admin', 'backup', copy, '--data', data);
  expect(again.code).toBe(23);
  expect(again.stderr).toContain('is not empty');
});

test('the socket of the operator is for the owner, and goes with the server', async () => {
  const { data, choir, stop } = await filled();
  const socket = join(data, 'admin.sock');
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  await stop();
  expect(existsSync(socket)).toBe(false);
  // One that a killed server left behind is in nobody's way.
  writeFileSync(socket, '');
  const next = await startServer({ data });
  expect((await choir('admin', 'groups', '--data', data)).code).toBe(0);
  next.process.kill('SIGKILL');
});

test('an export is played back on another server, once', slow, async () => {
  const { data, choir, stop } = await filled();
  await choir('send', 'gone', 'deleted with its group');
  expect((await choir('admin', 'delete', 'gone', '--id', 'root')).code).toBe(0);
  await choir('send', 'gone', 'made anew');
  await stop();
  const file = join(temporaryFolder(), 'log.jsonl');
  writeFileSync(file, (await choir('admin', 'export', '--data', data)).stdout);
  const other = await startServer();
  const args = ['admin', 'import', file, '--json', '--server', other.url];
  const imported = await choir(...args);
  expect(linesOf(imported.stdout)).toEqual([
    { type: 'imported', group: 'lobby', messages: 2 },
    { type: 'imported', group: 'team/design', messages: 2 },
    { type: 'imported', group: 'gone', messages: 1 },
  ]);
  const log = (group: string) => choir('log', group, '--json', '--server', other.url);
  const texts = async (group: string) =>
    linesOf((await log(group)).stdout).flatMap((line) => line['data'] ?? []);
  expect(await texts('lobby')).toEqual(['one', 'two']);
  expect(await texts('gone')).toEqual(['made anew']);
  const notes = await choir('object', 'team/design', 'notes', 'get', '--server', other.url);
  expect(notes.stdout.trim()).toBe('first second');
  const again = await choir(...args);
  expect(again.code).toBe(4);
  expect(again.stderr).toContain('GROUP_EXISTS');
});

test('groups are deleted by a client that may, and by no other', async () => {
  const { choir } = await filled();
  expect((await choir('admin', 'delete', 'lobby', '--id', 'ann')).stderr).toContain('FORBIDDEN');
  const { code, stdout } = await choir('admin', 'delete', 'lobby', '--id', 'root', '--json');
  expect(code).toBe(0);
  expect(linesOf(stdout)).toMatchObject([{ type: 'group', group: 'lobby', status: 'deleted' }]);
  expect((await choir('admin', 'delete', 'lobby', '--id', 'root')).stderr).toContain('NO_GROUP');
});

test.each([
  [['admin'], 'The action is missing.'],
  [['admin', 'grups'], 'Did you mean: choir admin groups'],
  [['admin', 'backup'], 'DIR is missing.'],
  [['admin', 'delete'], 'GROUP is missing.'],
  [['admin', 'check', 'it'], '"it" is one word too many.'],
  [['admin', 'import', 'a', 'b'], '"b" is one word too many.'],
  [['admin', 'import', '/nowhere/log'], 'ENOENT'],
])('%j is a usage error', async (args, told) => {
  const { code, stderr } = await run(args);
  expect({ code, told: stderr.includes(told) }, stderr).toEqual({ code: 2, told: true });
});

test('a line that is none stops an import before anything is sent', async () => {
  const file = join(temporaryFolder(), 'log.jsonl');
  const good = '{"type":"message","kind":"bcast","group":"a","globalId":1,"data":"x"}';
  writeFileSync(file, `${good}\n{"type":"nonsense"}\n`);
  const { code, stderr } = await run(['admin', 'import', file, '--server', 'ws://127.0.0.1:9']);
  expect(code).toBe(2);
  expect(stderr).toContain('line 2: this is no line of an export');
});
