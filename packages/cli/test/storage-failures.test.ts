/** A disk that fills up, and a journal that was damaged: what users see, and what is still there. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readTold } from './kill-test/read-told.ts';
import type { Told } from './kill-test/verdict.ts';
import { choir, run, temporaryFolder } from './running/choir.ts';
import type { ChoirProcess, Ended } from './running/choir-process.ts';
import { startServer } from './running/server.ts';

const diskBytes = 6 * 1024 * 1024;
const senders = ['ann', 'bob', 'eve'];

/** A file system in memory; null where mounting is not allowed. */
function smallDisk(): string | null {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  const options = ['-t', 'tmpfs', '-o', `size=${diskBytes}`, 'tmpfs', folder];
  if (spawnSync('mount', options).status !== 0) return null;
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

/** Sends one line, and when it is acknowledged, more than the disk takes. */
function sendTooMuch(url: string, name: string): { sender: ChoirProcess; flood: () => void } {
  const sender = choir(['send', 'lobby', '--json', '--server', url]);
  const lines = Array.from({ length: 2_000 }, (_, line) => `${name} ${line} ${'x'.repeat(2_000)}`);
  sender.type(`${name} begins\n`);
  return { sender, flood: () => sender.endInput(`${lines.join('\n')}\n`) };
}

function toldBy(lines: readonly string[]): readonly Told[] {
  return lines.map((line) => readTold(JSON.parse(line)));
}

/** A client that listens; resolves with the last thing that the server says to it. */
async function farewell(url: string): Promise<unknown> {
  const socket = new WebSocket(url, 'choir.1.json');
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const secret = 'a secret that is long enough';
  socket.send(JSON.stringify({ kind: 'hello', version: 1, secret, agent: 'test' }));
  let last = '';
  socket.addEventListener('message', ({ data }) => {
    last = String(data).split('\n').at(-1) ?? '';
  });
  await new Promise((resolve) => socket.addEventListener('close', resolve));
  return JSON.parse(last);
}

test('a disk that fills up under several senders loses nothing that was acknowledged', {
  timeout: 60_000,
}, async (context) => {
  const disk = smallDisk();
  if (disk === null) return context.skip('mounting a tmpfs is not allowed here');
  // What is freed later. The start has to put the write-ahead log beside itself into the database.
  const ballast = join(disk, 'ballast');
  writeFileSync(ballast, new Uint8Array(diskBytes / 2));
  const data = join(disk, 'groups');
  const server = await startServer({ data });
  const goodbye = farewell(server.url);
  const sending = senders.map((name) => sendTooMuch(server.url, name));
  await Promise.all(sending.map(({ sender }) => sender.json({ type: 'ack' })));
  for (const { flood } of sending) flood();

  const { code, stderr } = await server.process.ended();
  expect(code).toBe(23);
  expect(stderr).toMatch(/^choir: STORAGE: The journal cannot grow: .*\n.*Free space/m);
  expect(await goodbye).toMatchObject({ kind: 'goodbye', code: 'STORAGE' });
  for (const { sender } of sending) sender.kill('SIGKILL');
  const acknowledged = await Promise.all(
    sending.map(async ({ sender }) => {
      await sender.ended();
      return toldBy(sender.out.lines);
    }),
  );
  expect(acknowledged.flat().length).toBeGreaterThan(100);

  // Without room it does not start, and says why.
  writeFileSync(join(disk, 'more'), fillerFor(disk));
  const full = await run(['serve', '--port', '0', '--data', data]);
  expect(full.code).toBe(23);
  expect(full.stderr).toContain('Free space');

  rmSync(join(disk, 'more'));
  rmSync(ballast);
  const again = await startServer({ data });
  const log = await run(['log', 'lobby', '--json', '--server', again.url]);
  const logged = new Map(toldBy(log.stdout.trim().split('\n')).map((one) => [one.globalId, one]));
  for (const ack of acknowledged.flat()) expect(logged.get(ack.globalId)).toEqual(ack);
  const texts = [...logged.values()].map((one) => one.data);
  expect(new Set(texts).size).toBe(texts.length);
  const more = await run(['send', 'lobby', 'there is room again', '--server', again.url]);
  expect(more.code).toBe(0);
});

/** As much as still fits on a disk. */
function fillerFor(folder: string): Uint8Array {
  const blocks = execFileSync('df', ['--output=avail', '--block-size=1', folder]).toString();
  return new Uint8Array(Number(blocks.split('\n')[1]));
}

const lines = 20;

/** A data directory with a group of some lines; ended in order, or by kill -9. */
async function filled(how: 'SIGTERM' | 'SIGKILL'): Promise<string> {
  const { process, url, data } = await startServer();
  const input = Array.from({ length: lines }, (_, line) => `line-${line}\n`).join('');
  expect((await run(['send', 'lobby', '--server', url], { input })).code).toBe(0);
  process.kill(how);
  await process.ended();
  return data;
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
}

async function expectRefusal(data: string): Promise<Ended> {
  const ended = await run(['serve', '--port', '0', '--data', data]);
  expect(ended).toMatchObject({ code: 22, stdout: '' });
  expect(ended.stderr).toMatch(/^choir: The journal is damaged at position \d+: /);
  expect(ended.stderr).toContain('It is left as it is.');
  expect(ended.stderr).toContain('Restore the data directory from a copy');
  expect(ended.stderr).toContain(data);
  return ended;
}

test('an acknowledged entry with a flipped bit is refused by its position', async () => {
  const data = await filled('SIGTERM');
  const database = join(data, 'journal.db');
  const acknowledged = readFileSync(database).indexOf('line-7');
  expect(acknowledged).toBeGreaterThan(0);
  flip(database, acknowledged);
  const { stderr } = await expectRefusal(data);
  const again = await expectRefusal(data);
  expect(again.stderr).toBe(stderr);
  // With what was there before, everything is there.
  flip(database, acknowledged);
  const { url } = await startServer({ data });
  const { stdout } = await run(['log', 'lobby', '--json', '--server', url]);
  expect(toldBy(stdout.trim().split('\n')).map((one) => one.data)).toEqual(
    Array.from({ length: lines }, (_, line) => `line-${line}`),
  );
});

test('a row with a flipped bit ends the server that meets it, as damage', async () => {
  const data = await filled('SIGTERM');
  const database = join(data, 'journal.db');
  const bytes = readFileSync(database);
  const row = bytes.lastIndexOf('line-7');
  expect(row).not.toBe(bytes.indexOf('line-7'));
  flip(database, row);
  const { process, url } = await startServer({ data });
  choir(['log', 'lobby', '--server', url]);
  const { code, stderr } = await process.ended();
  expect(code).toBe(22);
  expect(stderr).toMatch(/^choir: STORAGE: The journal is damaged at position \d+: /m);
});

test.each<readonly [string, (data: string) => void]>([
  [
    'half of the write-ahead log',
    (data) => {
      const log = join(data, 'journal.db-wal');
      truncateSync(log, statSync(log).size / 2);
    },
  ],
  ['the whole write-ahead log', (data) => truncateSync(join(data, 'journal.db-wal'))],
  ['the head file', (data) => rmSync(join(data, 'journal.head'))],
  ['the database', (data) => rmSync(join(data, 'journal.db'))],
  [
    'every byte of the database',
    (data) => {
      const database = join(data, 'journal.db');
      writeFileSync(database, new Uint8Array(statSync(database).size));
    },
  ],
])('a journal that lost %s is refused, never begun anew', async (_, lose) => {
  const data = await filled('SIGKILL');
  lose(data);
  await expectRefusal(data);
});
