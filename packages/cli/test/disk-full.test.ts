/** A disk that fills up: what users see, and what is still there when there is room again. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { toldBy } from './kill-test/read-told.ts';
import type { Told } from './kill-test/verdict.ts';
import { choir, run, temporaryFolder } from './running/choir.ts';
import type { ChoirProcess, Ended } from './running/choir-process.ts';
import { type RunningServer, startServer } from './running/server.ts';

/** What there is for the journal until the disk is full. */
const journalBytes = 3 * 1024 * 1024;
/**
 * To go on, a server needs as much again and more: the start copies the write-ahead log into the
 * database and keeps its file; then the rows of what was only in the log are stored, first in the log,
 * at the end in the database. This is enough to start and to go on for a while, ...
 */
const littleBytes = 1.5 * journalBytes;
/** ... and this for all that happens here. */
const plentyBytes = 6 * journalBytes;

/** A file system in memory; null where mounting is not allowed. */
function smallDisk(): string | null {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  const options = ['-t', 'tmpfs', '-o', `size=${journalBytes + plentyBytes}`, 'tmpfs', folder];
  if (spawnSync('mount', options).status !== 0) return null;
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

/** As much as still fits on a disk. */
function fillerFor(folder: string): Uint8Array {
  const blocks = execFileSync('df', ['--output=avail', '--block-size=1', folder]).toString();
  return new Uint8Array(Number(blocks.split('\n')[1]));
}

type Sender = { readonly name: string; readonly process: ChoirProcess };

/** Each has sent a line, and it was acknowledged. */
async function sendersTo({ url }: RunningServer, names: readonly string[]): Promise<Sender[]> {
  const senders = names.map((name) => {
    const process = choir(['send', 'lobby', '--json', '--server', url]);
    process.type(`${name} begins\n`);
    return { name, process };
  });
  await Promise.all(senders.map(({ process }) => process.json({ type: 'ack' })));
  return senders;
}

/** More than a disk takes. */
function flood(name: string): string {
  const lines = Array.from({ length: 2_000 }, (_, line) => `${name} ${line} ${'x'.repeat(2_000)}`);
  return `${lines.join('\n')}\n`;
}

type Filled = { readonly ended: Ended; readonly acknowledged: readonly Told[] };

/** All send at once until the server has ended; with what it acknowledged. */
async function fill(server: RunningServer, names: readonly string[]): Promise<Filled> {
  const senders = await sendersTo(server, names);
  for (const { name, process } of senders) process.endInput(flood(name));
  const ended = await server.process.ended();
  for (const { process } of senders) process.kill('SIGKILL');
  const told = await Promise.all(senders.map(({ process }) => process.ended()));
  return { ended, acknowledged: told.flatMap(({ stdout }) => toldBy(stdout)) };
}

function expectFull({ code, stderr }: Ended): void {
  expect(code).toBe(23);
  expect(stderr).toMatch(/^choir: STORAGE: The journal cannot grow: .*\n.*Free space/m);
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

/** With room, everything is there once, more is taken, and the end is in order. */
async function expectAllThere(data: string, acknowledged: readonly Told[]): Promise<void> {
  const { process, url } = await startServer({ data });
  const log = await run(['log', 'lobby', '--json', '--server', url]);
  expect(log.code).toBe(0);
  const logged = new Map(toldBy(log.stdout).map((one) => [one.globalId, one]));
  for (const ack of acknowledged) expect(logged.get(ack.globalId)).toEqual(ack);
  const texts = [...logged.values()].map((one) => one.data);
  expect(new Set(texts).size).toBe(texts.length);
  const more = await run(['send', 'lobby', 'there is room again', '--server', url]);
  expect(more.code).toBe(0);
  process.kill('SIGTERM');
  expect((await process.ended()).code).toBe(0);
  // What it owed is in the database.
  expect(existsSync(join(data, 'journal.db-wal'))).toBe(false);
}

test('a disk that fills up under several senders loses nothing that was acknowledged', {
  timeout: 60_000,
}, async (context) => {
  const disk = smallDisk();
  if (disk === null) return context.skip('mounting a tmpfs is not allowed here');
  const ballast = join(disk, 'ballast');
  writeFileSync(ballast, new Uint8Array(plentyBytes));
  const data = join(disk, 'groups');
  const server = await startServer({ data });
  const goodbye = farewell(server.url);
  const { ended, acknowledged } = await fill(server, ['ann', 'bob', 'eve']);
  expectFull(ended);
  expect(await goodbye).toMatchObject({ kind: 'goodbye', code: 'STORAGE' });
  expect(acknowledged.length).toBeGreaterThan(100);

  // Without room it does not start, and says why.
  writeFileSync(join(disk, 'more'), fillerFor(disk));
  const full = await run(['serve', '--port', '0', '--data', data]);
  expect(full.code).toBe(23);
  expect(full.stderr).toContain('Free space');

  rmSync(join(disk, 'more'));
  rmSync(ballast);
  await expectAllThere(data, acknowledged);
});

test('a disk that fills up again, as little was freed, loses nothing either', {
  timeout: 60_000,
}, async (context) => {
  const disk = smallDisk();
  if (disk === null) return context.skip('mounting a tmpfs is not allowed here');
  const [little, rest] = [join(disk, 'little'), join(disk, 'rest')];
  writeFileSync(little, new Uint8Array(littleBytes));
  writeFileSync(rest, new Uint8Array(plentyBytes - littleBytes));
  const data = join(disk, 'groups');
  const first = await fill(await startServer({ data }), ['ann']);
  expectFull(first.ended);

  rmSync(little);
  const second = await fill(await startServer({ data }), ['bob']);
  expectFull(second.ended);

  rmSync(rest);
  await expectAllThere(data, [...first.acknowledged, ...second.acknowledged]);
});
