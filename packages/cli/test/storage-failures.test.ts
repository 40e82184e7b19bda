/** A journal that was damaged: what users see, and what is still there. */
import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toldBy } from './kill-test/read-told.ts';
import { choir, run } from './running/choir.ts';
import type { Ended } from './running/choir-process.ts';
import { startServer } from './running/server.ts';

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
  expect(toldBy(stdout).map((one) => one.data)).toEqual(
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
