import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from '@choir/client';
import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

const choirPath = fileURLToPath(new URL('../../bin/choir.mjs', import.meta.url));

/** 0 where the system does not tell. */
function residentBytesOf(pid: number | undefined): number {
  if (process.platform !== 'linux') return 0;
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Number(pages) * 4_096;
}

test('log shows everything and ends at the newest entry; --from begins later', async () => {
  const { url } = await startServer();
  const { stdout: acks } = await run(['send', 'lobby', 'a', 'b', 'c', '--json', '--server', url]);
  const ids = acks
    .trim()
    .split('\n')
    .map((line) => Number(JSON.parse(line).globalId));
  const log = await run(['log', 'lobby', '--json', '--server', url]);
  expect(log.code).toBe(0);
  const messages = log.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(messages.map(({ globalId, data }) => [globalId, data])).toEqual([
    [ids[0], 'a'],
    [ids[1], 'b'],
    [ids[2], 'c'],
  ]);
  const later = await run(['log', 'lobby', '--from', `${ids[1]}`, '--server', url]);
  expect(
    later.stdout
      .trim()
      .split('\n')
      .map((line) => line.slice(-1)),
  ).toEqual(['b', 'c']);
});

test('log --follow goes on until it is told to end', async () => {
  const { url } = await startServer();
  await run(['send', 'lobby', 'before', '--server', url]);
  const log = choir(['log', 'lobby', '--follow', '--json', '--server', url]);
  await log.json({ data: 'before' });
  await run(['send', 'lobby', 'after', '--server', url]);
  await log.json({ data: 'after' });
  log.kill('SIGINT');
  expect((await log.ended()).code).toBe(0);
});

test('a log that is not read grows no process, and goes on where its reader stopped', {
  timeout: 60_000,
}, async () => {
  const { url } = await startServer();
  const sender = connect(url);
  const messages = 60;
  for (let each = 0; each < messages; each += 1) {
    await sender.broadcast('large', `${each} ${'x'.repeat(1_000_000)}`);
  }
  await sender.close();
  const environment = { ...process.env, CHOIR_STATE: temporaryFolder() };
  const args = [choirPath, 'log', 'large', '--json', '--server', url];
  const log = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
  const { stdout } = log;
  const ended = once(log, 'exit');
  stdout.pause();
  // The connection is given up when nobody reads.
  const watcher = connect(url);
  const others = async () => (await watcher.status()).connections - 1;
  while ((await others()) === 0);
  while ((await others()) > 0);
  expect(residentBytesOf(log.pid)).toBeLessThan(300e6);
  const lines = createInterface({ input: stdout });
  const heard: string[] = [];
  for await (const line of lines) heard.push(String(JSON.parse(line).data).split(' ')[0] ?? '');
  expect(heard).toEqual(Array.from({ length: messages }, (_, each) => `${each}`));
  expect(await ended).toEqual([0, null]);
  await watcher.close();
});

test('members --watch begins with who is there and goes on with every change', async () => {
  const { url } = await startServer();
  const ann = choir(['join', 'lobby', '--json', '--name', 'Ann', '--server', url]);
  await ann.json({ type: 'joined' });
  const watch = choir(['members', 'lobby', '--watch', '--json', '--server', url]);
  await watch.json({ kind: 'present', name: 'Ann', status: 'member' });
  const bob = choir(['join', 'lobby', '--json', '--name', 'Bob', '--server', url]);
  await watch.json({ kind: 'new_member', name: 'Bob', status: 'member' });
  bob.kill('SIGKILL');
  await watch.json({ kind: 'disconnected_member', name: 'Bob', status: 'disconnected_member' });
  ann.kill('SIGTERM');
  await watch.json({ kind: 'non_member', name: 'Ann', status: 'non_member' });
});

test('an object is the bytes that were written, and an unknown one is exit code 7', async () => {
  const { url } = await startServer();
  const object = (...words: readonly string[]) => [
    'object',
    'team',
    'notes',
    ...words,
    '--server',
    url,
  ];
  await run(object('set', 'first'));
  const appending = choir(object('append'));
  appending.endInput(Buffer.from([0x00, 0xff, 0x0a]));
  expect((await appending.ended()).code).toBe(0);
  const json = await run(object('get', '--json'));
  const base64 = Buffer.from([...Buffer.from('first'), 0x00, 0xff, 0x0a]).toString('base64');
  expect(JSON.parse(json.stdout)).toMatchObject({
    type: 'object',
    object: 'notes',
    data: { base64 },
  });
  expect((await run(['object', 'team', 'other', 'get', '--server', url])).code).toBe(7);
  expect((await run(['log', 'nobody', '--server', url])).code).toBe(7);
  expect((await run(['members', 'nobody', '--server', url])).code).toBe(7);
});

test('status tells whether the server takes messages', async () => {
  const { url } = await startServer();
  const { stdout } = await run(['status', '--json', '--server', url]);
  expect(JSON.parse(stdout)).toMatchObject({
    type: 'status',
    status: 'writable',
    server: url,
    globalId: expect.any(Number),
    epoch: expect.any(Number),
  });
});
