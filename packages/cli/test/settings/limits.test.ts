/** The limits that an operator sets hold in the server that runs with them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';
import { startServer } from '../running/server.ts';

test('limits from the file, the environment and the command line hold', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'serve.json');
  writeFileSync(config, JSON.stringify({ 'max-message-bytes': 10, 'max-groups': 9 }));
  const environment = { CHOIR_SERVE_MAX_GROUPS: '1' };
  const args = ['--port', '0', '--data', join(folder, 'data'), '--config', config, '--json'];
  const server = choir(['serve', ...args], environment);
  const { url } = await server.json({ type: 'ready' });
  const send = (...words: string[]) => run(['send', '--server', String(url), ...words]);
  expect((await send('one', 'short')).code).toBe(0);
  expect((await send('one', 'eleven char')).stderr).toContain('TOO_LARGE');
  expect((await send('other', 'short')).stderr).toContain('LIMIT');
});

test('connections of this machine are limited when it is said', async () => {
  const args = ['--limit-this-machine', '--max-connections-per-address', '1'];
  const { url } = await startServer({ args });
  const first = choir(['join', 'lobby', '--server', url, '--json']);
  await first.json({ type: 'joined' });
  const second = await run(['status', '--server', url, '--timeout', '1s']);
  expect(second.code).not.toBe(0);
});

test.each([
  [['--max-groups', '0'], '--max-groups: "0" is not a whole number from 1'],
  [['--max-message-bytes', '99999999'], 'from 1 to 1048576'],
  [['--idle-timeout', '2s'], '--idle-timeout has to be 3s or longer'],
  [['--stall-timeout', '10ms'], '--stall-timeout has to be 1s or longer'],
])('%j is refused', async (args, problem) => {
  const { code, stderr } = await run([
    'serve',
    '--port',
    '0',
    '--data',
    temporaryFolder(),
    ...args,
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
});
