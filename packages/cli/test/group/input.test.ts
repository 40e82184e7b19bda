/** What becomes of the lines of standard input. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';

const choirPath = fileURLToPath(new URL('../../bin/choir.mjs', import.meta.url));
const lineBytesMax = 16 * 1024 ** 2 - 16 * 1024;

const numbers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => String(at + 1));

test('at the end of its input a process prints all of its own lines before it leaves', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const lines = numbers(20_000);
  const args = ['group', 'join', 'one', '--id', 'ann', '--leave-at-eof'];
  const { code, stdout } = await run(args, { input: `${lines.join('\n')}\n`, environment });
  const printed = stdout.trimEnd().split('\n').slice(1);
  expect(printed).toEqual(lines.map((line) => `ann: ${line}`));
  expect(code).toBe(0);
});

test('what was said without a majority may be lost: who leaves says so, with a code for it', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--json'], environment);
  await ann.json({ type: 'view', id: 1 });
  const args = ['group', 'join', 'lobby', '--id', 'bob', '--json', '--leave-at-eof'];
  const bob = choir(args, environment);
  await bob.json({ type: 'view', id: 2 });
  bob.type('heard\n');
  await bob.json({ type: 'message', data: 'heard' });
  ann.kill('SIGKILL');
  await bob.json({ type: 'primary', primary: false });
  bob.endInput('important line\nanother one\n');
  await bob.errors.next((line) => /^waiting for 2 lines to come back; there is no maj/.test(line));
  bob.kill('SIGTERM');
  const { code, stderr } = await bob.ended();
  expect(stderr).toContain('choir: 2 lines may not have been sent: they have not come back, since');
  expect(code).toBe(9);
});

test('who is cut off while it speaks is not given what nobody else has', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--json'], environment);
  await ann.json({ type: 'view', id: 1 });
  const bob = choir(['group', 'join', 'lobby', '--id', 'bob', '--json'], environment);
  await bob.json({ type: 'view', id: 2 });
  // From then on a lone speaker is given its agreed messages at once.
  bob.type(`${numbers(100).join('\n')}\n`);
  await ann.json({ type: 'message', data: '100' });
  ann.kill('SIGSTOP');
  bob.type('nobody else has this\n');
  await bob.json({ type: 'primary', primary: false });
  expect(bob.out.text).not.toContain('nobody else has this');
  ann.kill('SIGKILL');
});

test('a directory is no input: it is said, and no group is joined', async () => {
  const runtime = temporaryFolder();
  const directory = openSync(temporaryFolder(), 'r');
  const args = [choirPath, 'group', 'join', 'one', '--leave-at-eof'];
  const started = spawn(process.execPath, args, {
    stdio: [directory, 'pipe', 'pipe'],
    env: { ...process.env, CHOIR_RUNTIME: runtime, CHOIR_STATE: temporaryFolder() },
  });
  closeSync(directory);
  let [out, errors] = ['', ''];
  started.stdout?.on('data', (text) => {
    out += text;
  });
  started.stderr?.on('data', (text) => {
    errors += text;
  });
  const [code] = await once(started, 'close');
  expect(errors).toBe('choir: Standard input cannot be read: it is a directory.\n');
  expect([code, out]).toEqual([1, '']);
  expect(existsSync(join(runtime, 'groups'))).toBe(false);
});

test('a line that is longer than a message is named and passed over, the others are sent', {
  timeout: 60_000,
}, async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder() };
  const long = 'z'.repeat(lineBytesMax + 1);
  const args = ['group', 'join', 'one', '--id', 'ann', '--json', '--leave-at-eof'];
  const input = `first\n${long}\n${long.slice(1)}\nlast\n`;
  const { code, stdout, stderr } = await run(args, { input, environment });
  const said = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'message');
  expect(said.map(({ data }) => data.length)).toEqual([5, lineBytesMax, 4]);
  expect(stderr).toContain(`line 2 is longer than ${lineBytesMax} bytes, and is not sent`);
  expect(stderr).toContain('choir: 1 line not sent');
  expect(code).toBe(1);
});

test('where standard output takes no more a process leaves in order', async (context) => {
  if (!existsSync('/dev/full')) return context.skip('there is no /dev/full here');
  const environment = { CHOIR_RUNTIME: temporaryFolder(), CHOIR_STATE: temporaryFolder() };
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann', '--json'], environment);
  await ann.json({ type: 'view', id: 1 });
  const full = openSync('/dev/full', 'w');
  const args = [choirPath, 'group', 'join', 'lobby', '--id', 'bob'];
  const bob = spawn(process.execPath, args, {
    stdio: ['pipe', full, 'pipe'],
    env: { ...process.env, ...environment },
  });
  closeSync(full);
  let errors = '';
  bob.stderr?.on('data', (text) => {
    errors += text;
  });
  const [code] = await once(bob, 'close');
  expect(code).toBe(1);
  expect(errors).toMatch(/^choir: Standard output cannot be written: ENOSPC.*\n {2}Free space/);
  expect(errors.split('\n')).toHaveLength(3);
  expect(await ann.json({ type: 'view', id: 3 })).toMatchObject({ members: ['ann'] });
});

test('when the reader of standard output has gone a process leaves in order', async () => {
  const environment = { CHOIR_RUNTIME: temporaryFolder(), CHOIR_STATE: temporaryFolder() };
  const ann = choir(['group', 'join', 'lobby', '--id', 'ann'], environment);
  await ann.out.next((line) => line.startsWith('view 1'));
  const bob = spawn(process.execPath, [choirPath, 'group', 'join', 'lobby', '--id', 'bob'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  await ann.out.next((line) => line.startsWith('view 2'));
  await once(bob.stdout, 'data');
  bob.stdout.destroy();
  ann.type('nobody reads this\n');
  const [code] = await once(bob, 'close');
  expect(code).toBe(0);
  expect(await ann.out.next((line) => line.startsWith('view 3'))).toContain('(bob left)');
});
