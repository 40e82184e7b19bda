/** Origin × Host × how the server stands: which pages may connect. */
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Access, accessProblem } from '../../src/http/access.ts';
import { running } from '../websocket/running.ts';

const local: Access = { isLocal: true, isSecure: false, origins: [] };
const plain: Access = { isLocal: false, isSecure: false, origins: [] };
const secure: Access = { isLocal: false, isSecure: true, origins: [] };
const listed: Access = { ...secure, origins: ['https://app.example', 'http://dev.example:3000'] };

const matrix: readonly [access: Access, host: string, origin: string | undefined, isIn: boolean][] =
  [
    // No browser, or no page.
    [local, '127.0.0.1:7400', undefined, true],
    [secure, 'choir.example', undefined, true],
    // The own page, with the port that its scheme implies.
    [local, '127.0.0.1:7400', 'http://127.0.0.1:7400', true],
    [local, 'localhost:7400', 'http://localhost:7400', true],
    [local, '[::1]:7400', 'http://[::1]:7400', true],
    [secure, 'choir.example', 'https://choir.example', true],
    [secure, 'choir.example:443', 'https://choir.example', true],
    [secure, 'Choir.Example', 'https://choir.example', true],
    [plain, 'choir.example', 'https://choir.example', true],
    // Another page.
    [local, '127.0.0.1:7400', 'http://127.0.0.1:8080', false],
    [local, '127.0.0.1:7400', 'http://localhost:7400', false],
    [local, '127.0.0.1:7400', 'https://evil.example', false],
    [secure, 'choir.example', 'https://evil.example', false],
    [secure, 'choir.example', 'https://choir.example.evil.example', false],
    [secure, 'choir.example', 'https://choir.example:8443', false],
    [secure, 'choir.example', 'https://choir.example@evil.example', false],
    [secure, 'choir.example', 'https://evil.example/choir.example', false],
    // The own page without TLS may have been written by whoever is on the way.
    [secure, 'choir.example', 'http://choir.example', false],
    // No origin that a browser writes for a page of ours.
    [secure, 'choir.example', 'null', false],
    [local, '127.0.0.1:7400', 'null', false],
    [secure, 'choir.example', '', false],
    [secure, 'choir.example', 'file://', false],
    [secure, 'choir.example', 'chrome-extension://abcdef', false],
    [secure, 'choir.example', 'https://choir.example, https://evil.example', false],
    // Another name for this machine (DNS rebinding).
    [local, 'rebound.example:7400', 'http://rebound.example:7400', false],
    [local, 'rebound.example:7400', undefined, false],
    [local, '127.0.0.1.evil.example', undefined, false],
    [secure, '', undefined, false],
    // Those that the operator named, to the letter.
    [listed, 'choir.example', 'https://app.example', true],
    [listed, 'choir.example', 'http://dev.example:3000', true],
    [listed, 'choir.example', 'http://app.example', false],
    [listed, 'choir.example', 'https://app.example:444', false],
    [listed, 'choir.example', 'https://sub.app.example', false],
  ];

test.each(matrix)('%j, host %s, origin %s: %s', (access, host, origin, isIn) => {
  const headers = origin === undefined ? { host } : { host, origin };
  expect(accessProblem(headers, access) === null).toBe(isIn);
});

test('a page of another site is turned away before the handshake', async () => {
  const { port } = await running({ origins: ['https://app.example'] });
  const answers: number[] = [];
  for (const origin of ['https://evil.example', 'null']) {
    const webSocket = new WebSocket(`ws://127.0.0.1:${port}`, { origin });
    webSocket.on('error', () => undefined);
    const [, response] = await once(webSocket, 'unexpected-response');
    answers.push(response.statusCode);
  }
  expect(answers).toEqual([403, 403]);
  const good = new WebSocket(`ws://127.0.0.1:${port}`, { origin: 'https://app.example' });
  await once(good, 'open');
  good.close();
});
