import { existsSync } from 'node:fs';
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
  expect(await server.ended()).toMatchObject({ code: 0, stderr: '' });
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
