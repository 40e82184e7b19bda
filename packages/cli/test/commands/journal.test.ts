/** Looking at the data of a server that is not running, and printing what is left of it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

type Logged = { readonly globalId: number; readonly data?: unknown };

/** A data directory with two groups, and what `choir log` said of them. */
async function filled(how: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') {
  const { process, url, data } = await startServer();
  const of = (...args: string[]) => run([...args, '--server', url]);
  await of('send', 'lobby', 'one', 'two', 'the third', 'four');
  await of('object', 'team', 'plan', 'set', 'first', '--id', 'ann', '--name', 'Ann');
  const told = await Promise.all(['lobby', 'team'].map((group) => of('log', group, '--json')));
  process.kill(how);
  await process.ended();
  const log = told.flatMap(({ stdout }) => parsed(stdout)).sort((a, b) => a.globalId - b.globalId);
  return { data, log };
}

function parsed(stdout: string): Logged[] {
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

function filesIn(data: string): readonly (readonly [string, string])[] {
  // The operator's socket, which a kill leaves behind, holds nothing.
  const names = readdirSync(data).filter((name) => name !== 'admin.sock');
  return names.map((name) => [name, readFileSync(join(data, name), 'base64')]);
}

/** Changes the place of the database that holds a text. */
function damage(data: string, at: (database: Buffer) => number): void {
  const file = join(data, 'journal.db');
  const bytes = readFileSync(file);
  bytes.write('###', at(bytes));
  writeFileSync(file, bytes);
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'the data of a server that ended by %s is whole, and printed as choir log prints it',
  async (how) => {
    const { data, log } = await filled(how);
    const before = filesIn(data);
    const check = await run(['journal', 'check', '--data', data, '--json']);
    expect(check).toMatchObject({ code: 0, stderr: '' });
    const [found] = parsed(check.stdout);
    expect(found).toMatchObject({ type: 'journal', status: 'whole', data, first: 1 });
    expect(found).toMatchObject({ complete: true, epoch: 1 });
    const printed = await run(['journal', 'export', '--data', data]);
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    // Only what came after the log was asked for is more: the clients' leave.
    expect(parsed(printed.stdout).slice(0, log.length)).toEqual(log);
    expect(filesIn(data)).toEqual(before);
  },
);

test('of a damaged journal everything before the damage is printed, and the rest named', async () => {
  const { data, log } = await filled();
  damage(data, (database) => database.indexOf('the third'));
  const before = filesIn(data);
  const third = log.find((one) => one.data === 'the third')?.globalId;
  const check = await run(['journal', 'check', '--data', data, '--json']);
  expect(check.code).toBe(22);
  const [found] = parsed(check.stdout);
  expect(found).toMatchObject({ status: 'damaged', complete: false, damagedAt: third });
  const { code, stdout, stderr } = await run(['journal', 'export', '--data', data]);
  expect(code).toBe(22);
  expect(parsed(stdout).map((one) => one.data)).toEqual(['one', 'two']);
  expect(stderr).toContain(`The journal is damaged at position ${third}`);
  expect(stderr).toContain(`Everything up to global id ${Number(third) - 1} was printed.`);
  expect(filesIn(data)).toEqual(before);
});

test('entries that are gone from the end are missed, though all that is there is whole', async () => {
  const { data } = await filled('SIGKILL');
  const log = join(data, 'journal.db-wal');
  const bytes = readFileSync(log);
  writeFileSync(log, bytes.subarray(0, bytes.length / 2));
  const { code, stderr } = await run(['journal', 'export', '--data', data]);
  expect(code).toBe(22);
  expect(stderr).toContain('were acknowledged and are gone');
});

test('damage that spares the entries costs nothing of what is printed', async () => {
  const { data, log } = await filled();
  damage(data, (database) => database.lastIndexOf('the third'));
  const check = await run(['journal', 'check', '--data', data, '--json']);
  expect(check.code).toBe(22);
  expect(parsed(check.stdout)[0]).toMatchObject({ status: 'damaged', complete: true });
  const { code, stdout } = await run(['journal', 'export', '--data', data]);
  expect(code).toBe(0);
  expect(parsed(stdout).slice(0, log.length)).toEqual(log);
});

test('without a head file nobody knows what is missing, and what is there is printed', async () => {
  const { data, log } = await filled();
  rmSync(join(data, 'journal.head'));
  const { code, stdout } = await run(['journal', 'export', '--data', data]);
  expect(code).toBe(22);
  expect(parsed(stdout).slice(0, log.length)).toEqual(log);
});

test('data that a server uses is left to it', async () => {
  const { data, process } = await startServer();
  for (const action of ['check', 'export']) {
    const { code, stdout, stderr } = await run(['journal', action, '--data', data]);
    expect({ code, stdout }).toEqual({ code: 21, stdout: '' });
    expect(stderr).toContain(`in use by process ${process.pid}`);
  }
});

test('where there is no journal none is made', async () => {
  const folder = temporaryFolder();
  for (const action of ['check', 'export']) {
    const { code, stderr } = await run(['journal', action, '--data', folder]);
    expect(code).toBe(7);
    expect(stderr).toContain(`There is no journal in ${folder}.`);
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('data that cannot be read is not called damaged', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'journal.db'));
  const { code, stdout, stderr } = await run(['journal', 'check', '--data', folder]);
  expect({ code, stdout }).toEqual({ code: 23, stdout: '' });
  expect(stderr).toContain('make a copy and name that');
});

test('there is nothing else to be done to a journal', async () => {
  const { code, stderr } = await run(['journal', 'repair']);
  expect(code).toBe(2);
  expect(stderr).toContain('Usage: choir journal check|export');
});
