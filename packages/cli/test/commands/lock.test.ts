import { connect } from '@choir/client';
import { expect, onTestFinished, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

const node = process.execPath;
/** A command that runs until its input ends, or SIGTERM. */
const lasting = ['--', node, '-e', 'process.stdin.resume()'];
/** One that does not listen to SIGTERM. */
const stubborn = [
  '--',
  node,
  '-e',
  'process.on("SIGTERM", () => console.log("no")); setInterval(Date, 9e5); console.log("up")',
];

test('the command finds the fence, and its exit code is passed on', async () => {
  const { url } = await startServer();
  const command = ['--', node, '-p', 'process.exitCode = 7; process.env.CHOIR_FENCE'];
  const first = await run(['lock', 'team', 'deploy', '--server', url, ...command]);
  expect(first).toMatchObject({ code: 7, stdout: expect.stringMatching(/^\d+\n$/) });
  const second = await run(['lock', 'team', 'deploy', '--server', url, ...command]);
  expect(Number(second.stdout)).toBeGreaterThan(Number(first.stdout));
});

test('a write that is refused leaves nobody behind in the group', async () => {
  const { url } = await startServer();
  const holder = choir(['lock', 'team', 'deploy', '--json', '--server', url, ...lasting]);
  await holder.json({ type: 'lock', status: 'held' });
  const refused = await run(['object', 'team', 'deploy', 'set', 'x', '--server', url]);
  expect(refused.code).not.toBe(0);
  const { stdout } = await run(['members', 'team', '--json', '--server', url]);
  expect(stdout.trim().split('\n')).toHaveLength(1);
});

test('a second one waits for the first', async () => {
  const { url } = await startServer();
  const lock = ['lock', 'team', 'a', 'b', '--json', '--server', url];
  const first = choir([...lock, ...lasting]);
  const { fence } = await first.json({ type: 'lock', status: 'held' });
  const second = choir([...lock, ...lasting]);
  await second.json({ type: 'lock', status: 'waiting' });
  first.endInput();
  expect((await first.ended()).code).toBe(0);
  const next = await second.json({ type: 'lock', status: 'held', group: 'team' });
  expect(next).toMatchObject({ objects: ['a', 'b'] });
  expect(Number(next['fence'])).toBeGreaterThan(Number(fence));
});

test('it gives up waiting after --timeout', async () => {
  const { url } = await startServer();
  const holder = choir(['lock', 'team', 'a', '--json', '--server', url, ...lasting]);
  await holder.json({ status: 'held' });
  const late = await run([
    'lock',
    'team',
    'a',
    '--server',
    url,
    '--timeout',
    '200ms',
    '--',
    'true',
  ]);
  expect(late.code).toBe(121);
});

test('the command is ended when the lock is broken, and killed when it will not end', async () => {
  const { url } = await startServer({ args: ['--admin', 'root'] });
  const holder = choir(['lock', 'team', 'a', '--json', '--server', url, ...stubborn]);
  const { fence } = await holder.json({ status: 'held' }).catch(() => ({ fence: 0 }));
  const admin = connect(url, { clientId: 'root' });
  onTestFinished(() => admin.close());
  await holder.out.next((line) => line === 'up');
  await admin.breakLock('team', Number(fence), 'stuck');
  const { code, stderr } = await holder.ended();
  expect(code).toBe(122);
  expect(stderr).toContain('the lock was lost (broken by root: stuck); ending the command');
});

test('lock break and admin break take locks from their holder, for clients that may', async () => {
  const { url } = await startServer({ args: ['--admin', 'root'] });
  const state = temporaryFolder();
  const choirAs = (...words: string[]) =>
    run([...words, '--server', url], { environment: { CHOIR_STATE: state } });
  const holder = choir(['lock', 'team', 'a', 'b', '--json', '--server', url, ...lasting]);
  const { fence } = await holder.json({ status: 'held' });
  expect(await choirAs('lock', 'break', 'team', 'a', '--id', 'ann')).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('FORBIDDEN'),
  });
  expect(await choirAs('lock', 'break', 'team', 'other', '--id', 'root')).toMatchObject({
    code: 7,
  });
  const reason = ['--reason', 'stuck'];
  const broken = await choirAs('lock', 'break', 'team', 'b', '--id', 'root', '--json', ...reason);
  expect(JSON.parse(broken.stdout)).toMatchObject({
    type: 'lock',
    status: 'broken',
    fence,
    objects: ['a', 'b'],
  });
  const { code, stderr } = await holder.ended();
  expect(code).toBe(122);
  expect(stderr).toContain('broken by root: stuck');

  const next = choir(['lock', 'team', 'a', '--json', '--server', url, ...lasting]);
  await next.json({ status: 'held' });
  const told = await choirAs('admin', 'break', 'team', 'a', '--id', 'root');
  expect(told.stdout).toMatch(/^c-\w+ no longer holds a \(fence \d+\)$/m);
  expect((await next.ended()).code).toBe(122);
});

test('a group may be called break: with a command it is locked', async () => {
  const { url } = await startServer();
  const ended = await run(['lock', 'break', 'a', '--server', url, '--', 'true']);
  expect(ended.code).toBe(0);
});

test('the command is ended when the lock was unconfirmed for its grace period', async () => {
  const server = await startServer();
  const holder = choir([
    'lock',
    'team',
    'a',
    '--json',
    '--grace',
    '300ms',
    '--server',
    server.url,
    ...lasting,
  ]);
  await holder.json({ status: 'held' });
  server.process.kill('SIGKILL');
  await holder.json({ status: 'unconfirmed' });
  await holder.json({ status: 'lost' });
  expect(await holder.ended()).toMatchObject({ code: 122 });
});

test('a short loss of the connection does not end the command', async () => {
  const server = await startServer();
  const holder = choir(['lock', 'team', 'a', '--json', '--server', server.url, ...lasting]);
  const { fence } = await holder.json({ status: 'held' });
  server.process.kill('SIGKILL');
  await holder.json({ status: 'unconfirmed' });
  await startServer({ data: server.data, port: Number(new URL(server.url).port) });
  await holder.json({ status: 'held', fence });
  holder.endInput();
  expect((await holder.ended()).code).toBe(0);
});

test('a command that cannot be run gives the lock back', async () => {
  const { url } = await startServer();
  const missing = await run(['lock', 'team', 'a', '--server', url, '--', 'no-such-command']);
  expect(missing.code).toBe(127);
  const next = await run(['lock', 'team', 'a', '--no-wait', '--server', url, '--', node, '-v']);
  expect(next.code).toBe(0);
});

test('SIGTERM is the command s, and the lock is held until it has ended', async () => {
  const { url } = await startServer();
  const holder = choir(['lock', 'team', 'a', '--json', '--server', url, ...lasting]);
  await holder.json({ status: 'held' });
  holder.kill('SIGTERM');
  expect((await holder.ended()).code).toBe(128 + 15);
});
