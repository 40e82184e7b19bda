import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, createReadStream, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';
import { LineLog } from '../running/line-log.ts';

const choirPath = fileURLToPath(new URL('../../bin/choir.mjs', import.meta.url));
/** Each is told twice in about 100 bytes; a pipe holds 64 KiB. */
const connections = 600;

async function comeAndGo(url: string): Promise<void> {
  const webSocket = new WebSocket(url);
  await once(webSocket, 'open');
  webSocket.close();
  await once(webSocket, 'close');
}

async function readyOf({ stdout }: ChildProcess): Promise<{ readonly url: string }> {
  if (stdout === null) throw new Error('It has no standard output.');
  return JSON.parse(await new LineLog(stdout).next(() => true));
}

test('a server whose log nobody reads serves on', async () => {
  const args = ['serve', '--port', '0', '--json', '--log-level', 'debug'];
  const fifo = join(temporaryFolder(), 'log');
  execFileSync('mkfifo', [fifo]);
  // Open at both ends, so that nobody waits for the other.
  const pipe = openSync(fifo, constants.O_RDWR);
  const server = spawn(process.execPath, [choirPath, ...args, '--data', temporaryFolder()], {
    stdio: ['ignore', 'pipe', pipe],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const { url } = await readyOf(server);
  for (let n = 0; n < connections; n += 50) {
    await Promise.all(Array.from({ length: 50 }, () => comeAndGo(url)));
  }
  const environment = { CHOIR_SERVER: String(url) };
  expect((await run(['send', 'lobby', 'hello'], { environment })).code).toBe(0);
  // Whoever reads again finds what was said.
  const log = new LineLog(createReadStream(fifo));
  for (let n = 0; n < connections; n += 1) {
    await log.next((line) => JSON.parse(line).msg === 'connection closed');
  }
  closeSync(pipe);
});

test('a server whose log is closed serves on', async () => {
  const args = ['serve', '--port', '0', '--json', '--log-level', 'debug'];
  const server = spawn(process.execPath, [choirPath, ...args, '--data', temporaryFolder()], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  const { url } = await readyOf(server);
  server.stderr.destroy();
  for (let n = 0; n < 5; n += 1) await comeAndGo(url);
  const environment = { CHOIR_SERVER: String(url) };
  expect((await run(['send', 'lobby', 'hello'], { environment })).code).toBe(0);
  server.kill('SIGTERM');
  const [code] = await once(server, 'exit');
  expect(code).toBe(0);
});
