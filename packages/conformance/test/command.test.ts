/** `npm run conformance`: what it prints, and its exit codes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ChoirServe } from './choir-serve.ts';
import { SpoilingProxy } from './spoiling-proxy.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let server: ChoirServe;
beforeAll(async () => {
  server = await ChoirServe.start();
});
afterAll(() => server.stop());

async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  }
  const [code] = await once(child, 'close');
  return { code, text: Buffer.concat(chunks).toString() };
}

test('a server that keeps the clause: 0, and a line for it', async () => {
  const { code, text } = await run('--server', server.url, '--clause', 'S5', '--clause', 'T4');
  expect(code).toBe(0);
  expect(text).toMatch(/^S5 +passed \(2\)$/m);
  expect(text).toMatch(/^T4 +not checked: needs a server that is killed/m);
  expect(text).toContain('1 of 2 clauses checked, 0 failed');
});

test('a server that breaks it: 1, the case and the reason', async () => {
  const proxy = await SpoilingProxy.start(
    server.url,
    () => (message) => (message.kind === 'pong' ? [] : [message]),
  );
  onTestFinished(() => proxy.stop());
  const args = ['--server', proxy.url, '--clause', 'S5', '--patience', '300'];
  const { code, text } = await run(...args);
  expect(code).toBe(1);
  expect(text).toContain(
    'a ping is answered by a pong with its nonce (json): no pong: nothing came',
  );
  expect(JSON.parse((await run(...args, '--json')).text)).toMatchObject({
    clause: 'S5',
    passed: 0,
  });
});

test('a server that is not there: every case fails', async () => {
  const { code, text } = await run('--server', 'ws://127.0.0.1:9', '--clause', 'S5');
  expect(code).toBe(1);
  expect(text).toContain('ws://127.0.0.1:9 takes no connection');
});

test('a program that is no client: the reason', async () => {
  const about = ['--clause', 'T3', '--patience', '300'];
  const { code, text } = await run('--client', 'echo hello; cat', ...about);
  expect(code).toBe(1);
  expect(text).toContain('the client did not connect within 600 ms');
});

test.each([[[]], [['--server', 'ws://x', '--clause', 'Z9']], [['--server', 'a', '--client', 'b']]])(
  'a wrong command line %j: 2, and how it is used',
  async (args) => {
    const { code, text } = await run(...args);
    expect(code).toBe(2);
    expect(text).toContain('Usage: npm run conformance');
  },
);
