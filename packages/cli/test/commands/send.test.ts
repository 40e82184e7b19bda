import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

const nowhere = 'ws://127.0.0.1:9';

function jsonOf(stdout: string): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

test('each line of input is acknowledged, in order, with integers for its ids', async () => {
  const { url } = await startServer();
  const lines = Array.from({ length: 300 }, (_, n) => `line ${n}`);
  const args = ['send', 'lobby', '--json', '--server', url];
  const { code, stdout, stderr } = await run(args, { input: `${lines.join('\n')}\n` });
  expect([code, stderr]).toEqual([0, '']);
  const acks = jsonOf(stdout);
  expect(acks.map(({ data }) => data)).toEqual(lines);
  for (const ack of acks) {
    expect(Object.keys(ack)).toEqual(['type', 'group', 'localId', 'globalId', 'epoch', 'data']);
    expect([ack['type'], ack['group']]).toEqual(['ack', 'lobby']);
  }
  const ids = acks.map(({ globalId }) => Number(globalId));
  expect(ids).toEqual(ids.toSorted((one, other) => one - other));
  expect(
    acks.every(({ globalId, localId }) => Number.isInteger(globalId) && Number.isInteger(localId)),
  ).toBe(true);
});

test('each argument is one message, also behind --', async () => {
  const { url } = await startServer();
  const sent = await run(['send', 'lobby', '--server', url, 'one', '--', '--two', 'three four']);
  expect(sent.code).toBe(0);
  const log = await run(['log', 'lobby', '--server', url, '--json']);
  expect(jsonOf(log.stdout).map(({ data }) => data)).toEqual(['one', '--two', 'three four']);
});

test('no input is no message and no failure', async () => {
  const { url } = await startServer();
  expect(await run(['send', 'lobby', '--server', url])).toMatchObject({ code: 0, stdout: '' });
});

test('what is not UTF-8 goes through unchanged, and is base64 in JSON', async () => {
  const { url } = await startServer();
  const sending = choir(['send', 'lobby', '--json', '--server', url]);
  sending.endInput(Buffer.from([0xff, 0x00, 0x0a, 0xc3, 0xa4, 0x0d, 0x0a]));
  const { stdout } = await sending.ended();
  expect(jsonOf(stdout).map(({ data }) => data)).toEqual([{ base64: '/wA=' }, 'ä']);
});

test('without a server it says so within a second and gives up after the timeout', async () => {
  const began = performance.now();
  const sending = choir(['send', 'lobby', 'hello', '--server', nowhere, '--timeout', '1500ms']);
  await sending.errors.next((line) => line.includes('start one with `choir serve`'));
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(await sending.ended()).toMatchObject({ code: 3, stdout: '' });
});

test('what was not acknowledged is kept under --id, and sent first by the next run, once', async () => {
  const environment = { CHOIR_STATE: temporaryFolder() };
  const first = await startServer();
  const port = Number(new URL(first.url).port);
  const send = (...more: readonly string[]) =>
    run(['send', 'lobby', '--id', 'ann', '--server', first.url, ...more], { environment });
  await send('known');
  first.process.kill('SIGKILL');
  await first.process.ended();
  const cut = await send('one', 'two', '--timeout', '500ms');
  expect(cut.code).toBe(3);
  expect(cut.stderr).toContain(
    '2 messages were not acknowledged yet, and will be sent by the next',
  );
  await startServer({ data: first.data, port });
  const next = await send('three');
  expect(next.code).toBe(0);
  expect(next.stderr).toContain('2 messages of an earlier run of ann');
  const log = await run(['log', 'lobby', '--server', first.url, '--json']);
  expect(jsonOf(log.stdout).map(({ data }) => data)).toEqual(['known', 'one', 'two', 'three']);
  expect(new Set(jsonOf(log.stdout).map(({ senderId }) => senderId))).toEqual(new Set(['ann']));
});

test('an interrupted run ends with 130, and keeps what is pending', async () => {
  const environment = { CHOIR_STATE: temporaryFolder() };
  const sending = choir(['send', 'lobby', 'x', '--id', 'ann', '--server', nowhere], environment);
  await sending.errors.next((line) => line.includes('no server'));
  sending.kill('SIGINT');
  const { code, stderr } = await sending.ended();
  expect(code).toBe(130);
  expect(stderr).toContain('1 message was not acknowledged yet');
});
