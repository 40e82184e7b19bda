import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpServer } from '../../src/http/http-server.ts';
import { Pages } from '../../src/http/pages.ts';
import { running, temporaryFolder } from './running.ts';

type Answer = { readonly status: number; readonly type: string; readonly body: string };

/** As a browser does, but with the path and the headers as they are given. */
function ask(port: number, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        const type = response.headers['content-type'] ?? '';
        resolve({ status: response.statusCode ?? 0, type, body });
      });
    });
    request.on('error', reject);
  });
}

test('health tells whether messages are taken', async () => {
  const { port } = await running();
  const { status, body } = await ask(port, '/health');
  expect({ status, ...JSON.parse(body) }).toEqual({ status: 200, writable: true, why: '' });
});

test('a server that is starting says so, also to a WebSocket', async () => {
  const why = 'The server is starting.';
  const signs = {
    health: () => ({ writable: false, why }),
    readiness: () => ({ ready: false, why }),
    metrics: async () => ({ contentType: 'text/plain', text: '' }),
  };
  const pages = new Pages('');
  const http = createHttpServer({
    pages,
    signs,
    metricsFor: 'nobody',
    access: { isLocal: true, isSecure: false, origins: [] },
    certificate: null,
    connectionsMax: 10,
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => void http.close());
  const { port } = http.address() as AddressInfo;
  expect(await ask(port, '/health')).toMatchObject({ status: 503 });
  expect(await ask(port, '/ready')).toMatchObject({ status: 503 });
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
  const { status, body } = await ask(port, '/', upgrade);
  expect({ status, body }).toEqual({ status: 503, body: 'The server is starting. Try again.\n' });
});

test('without a built page there is a text that says what this is', async () => {
  const { port } = await running({ pages: join(temporaryFolder(), 'missing') });
  const { status, body } = await ask(port, '/');
  expect({ status, says: body.includes('Choir') }).toEqual({ status: 200, says: true });
});

test('the page is served, and nothing beside it', async () => {
  const folder = temporaryFolder();
  const pages = join(folder, 'dist');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(pages, 'index.html'), '<p>the page</p>');
  writeFileSync(join(pages, 'assets', 'main.js'), 'run();');
  writeFileSync(join(pages, '.secret'), 'a secret');
  writeFileSync(join(folder, 'secret.html'), 'a secret');
  const { port } = await running({ pages });
  expect(await ask(port, '/')).toEqual({
    status: 200,
    type: 'text/html; charset=utf-8',
    body: '<p>the page</p>',
  });
  expect((await ask(port, '/assets/main.js?v=1')).body).toBe('run();');
  for (const path of [
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/.secret',
    '/assets',
    '//secret.html',
  ]) {
    expect((await ask(port, path)).status, path).toBe(404);
  }
});

test('under another name than that of this machine nothing is answered', async () => {
  const { port } = await running();
  expect((await ask(port, '/health', { host: 'rebound.example' })).status).toBe(403);
  expect((await ask(port, '/health', { host: `localhost:${port}` })).status).toBe(200);
});
