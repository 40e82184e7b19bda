import { expect, test } from 'vitest';
import { choir, run, temporaryFolder } from '../running/choir.ts';

test('each connection is told at debug, with its client, and without secrets', async () => {
  const state = temporaryFolder();
  const server = choir(['serve', '--port', '0', '--json', '--log-level', 'debug'], {
    CHOIR_STATE: state,
  });
  const { url } = await server.json({ type: 'ready' });
  const environment = { CHOIR_STATE: state, CHOIR_SERVER: String(url) };
  await run(['send', 'lobby', 'the text of the message', '--id', 'ann'], { environment });
  // The client may be done before the server has closed its connection.
  await server.errors.next((line) => line.includes('connection closed'));
  server.kill('SIGTERM');
  const { stderr } = await server.ended();
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const told = lines.map(({ level, msg, client }) => `${level} ${msg} ${client ?? '-'}`);
  expect(told).toEqual([
    'info serving -',
    'debug connection opened -',
    'debug client attached ann',
    'debug connection ended ann',
    'debug connection closed ann',
    'info stopping -',
    'info stopped -',
  ]);
  expect(lines[1]).toMatchObject({ connection: 1, address: '127.0.0.1' });
  expect(stderr).not.toContain('the text of the message');
  expect(stderr).not.toMatch(/secret|token/);
});

test('with --log-format text lines are for people', async () => {
  const server = choir(['serve', '--port', '0', '--log-format', 'text'], {
    CHOIR_STATE: temporaryFolder(),
  });
  const line = await server.errors.next((text) => text.includes('serving'));
  expect(line).toMatch(
    /^\d\d:\d\d:\d\d {2}info {3}serving {2}url=ws:\/\/127\.0\.0\.1:\d+ {2}data=/,
  );
});
