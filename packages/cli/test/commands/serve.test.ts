import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';

test('it says when it is ready, keeps its data in the state directory, and ends in order', async () => {
  const state = temporaryFolder();
  const server = choir(['serve', '--port', '0', '--json'], { CHOIR_STATE: state });
  const ready = await server.json({ type: 'ready' });
  expect(ready).toMatchObject({
    url: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+$/),
    data: join(state, 'server'),
    pid: server.pid,
  });
  expect(existsSync(join(state, 'server'))).toBe(true);
  server.kill('SIGTERM');
  const { code, stderr } = await server.ended();
  const told = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).msg);
  expect({ code, told }).toEqual({ code: 0, told: ['serving', 'stopping', 'stopped'] });
});

test('people are told the address, where the data is, and what to try', async () => {
  const state = temporaryFolder();
  const server = choir(['serve', '--port', '0'], { CHOIR_STATE: state });
  await server.out.next((line) => /^choir .* serves ws:/.test(line));
  await server.out.next((line) => line === `  data  ${state}/server`);
  await server.out.next((line) => line.includes('choir join lobby'));
});

test('an address that others can reach is refused as long as there are no credentials', async () => {
  const { code, stderr } = await run(['serve', '--host', '0.0.0.0', '--data', temporaryFolder()]);
  expect(code).toBe(2);
  expect(stderr).toContain('answers this machine only');
});

test('--print-config shows each setting and where it is from, and starts nothing', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'serve.json');
  writeFileSync(file, JSON.stringify({ data: 'groups', admin: ['ann'] }));
  const args = ['serve', '--config', file, '--print-config', '--port', '0'];
  const environment = { CHOIR_SERVE_HOST: '::1' };
  const { code, stdout } = await run(args, { environment });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^host +::1 +CHOIR_SERVE_HOST$/m);
  expect(stdout).toMatch(/^port +0 +--port$/m);
  expect(stdout).toContain(`${folder}/groups`);
  expect(existsSync(join(folder, 'groups'))).toBe(false);
  const lines = (await run([...args, '--json'], { environment })).stdout.trim().split('\n');
  const admin = lines.map((line) => JSON.parse(line)).find(({ name }) => name === 'admin');
  expect(admin).toEqual({
    type: 'setting',
    name: 'admin',
    value: ['ann'],
    from: 'file',
    where: `"admin" in ${file}`,
  });
});

test('a server runs with what its file says, and is not started by one with a typo', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'serve.json');
  writeFileSync(file, JSON.stringify({ port: 0, data: 'groups' }));
  const server = choir(['serve', '--config', file, '--json']);
  expect(await server.json({ type: 'ready' })).toMatchObject({ data: join(folder, 'groups') });
  writeFileSync(file, JSON.stringify({ port: 0, dta: 'groups' }));
  const { code, stderr } = await run(['serve', '--config', file]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `choir: ${file}: there is no setting "dta".\n  Did you mean: "data"\n`,
  });
});
