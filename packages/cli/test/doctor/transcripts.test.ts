/** Writes docs/doctor.md: what `choir doctor` says of one healthy and three broken set-ups. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Transcript } from '../errors/transcript.ts';
import { run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

const page = fileURLToPath(new URL('../../../../docs/doctor.md', import.meta.url));

test('the doctor says what docs/doctor.md has (vitest -u writes it)', async () => {
  const transcript = new Transcript(
    '# What choir doctor says',
    '',
    'Written by a test from real runs; ports, folders, times and what else is of one machine are evened',
    'out. Exit code 30 says that something failed; a warning alone is no failure.',
  );
  const folder = temporaryFolder();
  transcript.replace(/^(ok|warn) +Node\.js .*(\n {10}.*)?$/gm, 'ok    Node.js     26.10.0');
  transcript.replace(/^(ok|warn) +disk .*(\n {10}.*)?$/gm, 'ok    disk        42.0 GiB free');
  transcript.replace(/^(ok|warn) +open files .*(\n {10}.*)?$/gm, 'ok    open files  up to 20000');
  transcript.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-11-21T12:00:00.000Z');
  transcript.replace(`${folder}/`, '/srv/');
  const show = async (title: string, wanted: number, args: readonly string[], more = {}) => {
    transcript.title(title);
    const environment = { CHOIR_STATE: join(folder, 'state'), ...more };
    const ended = await run(args, { environment });
    transcript.add(args, ended);
    expect(ended.code, ended.stdout).toBe(wanted);
  };

  const data = join(folder, 'choir');
  const server = await startServer({ data });
  const { port } = new URL(server.url);
  transcript.replace(port, '7400');
  transcript.replace(String(server.process.pid), '4711');
  await run(['send', 'lobby', 'one', 'the second message', 'three', '--server', server.url]);
  const settings = join(folder, 'serve.json');
  writeFileSync(settings, JSON.stringify({ port: Number(port), data: 'choir' }));
  await show('A server that runs and is well', 0, ['doctor', '--config', settings]);
  server.process.kill('SIGTERM');
  await server.process.ended();

  damage(join(data, 'journal.db'));
  await show('A journal that is damaged', 30, ['doctor', '--config', settings]);

  const other = createServer((socket) => socket.end('220 mail\r\n'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const taken = (other.address() as AddressInfo).port;
  transcript.replace(String(taken), '7500');
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  writeFileSync(settings, JSON.stringify({ port: taken, data: 'open' }));
  await show('Another program on the port, and data that others can read', 30, [
    'doctor',
    '--config',
    settings,
  ]);

  writeFileSync(settings, JSON.stringify({ prot: 7500 }));
  const nobody = ['--server', 'ws://127.0.0.1:9', '--timeout', '1s'];
  const free = ['--data', join(folder, 'new')];
  const args = ['doctor', '--config', settings, ...free, ...nobody];
  await show('Settings with a typo, and a server that is not there', 30, args, {
    CHOIR_SERVE_PORT: '0',
  });
  expect(transcript.text).not.toContain(folder);
  await expect(transcript.text).toMatchFileSnapshot(page);
});

/** Some letters of a stored message are changed. */
function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes.write('SECOND', bytes.indexOf('second message'));
  writeFileSync(file, bytes);
}
