import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Server } from '../../../console/test/browser/server.ts';
import { chromiumPath, Profile } from './profile.ts';

describe.skipIf(chromiumPath === null)('a page of another version', { timeout: 30_000 }, () => {
  const data = mkdtempSync(join(tmpdir(), 'choir-versions-'));
  const server = new Server(data);
  const profile = new Profile();

  beforeAll(() => server.start(), 60_000);

  afterAll(async () => {
    await profile.remove();
    await server.kill();
    rmSync(data, { recursive: true });
  }, 60_000);

  test('V4: is told by the server why it is not served, in a browser, too', async () => {
    const page = await profile.open(new URL(server.page).origin);
    const told = await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const socket = new WebSocket(url, ['choir.9.json', 'choir.9.binary']);
          const lines: unknown[] = [];
          socket.onmessage = (event) => lines.push(JSON.parse(String(event.data)).code);
          socket.onclose = ({ code, reason }) => resolve({ lines, code, reason });
        }),
      server.url,
    );
    expect(told).toEqual({ lines: ['VERSION'], code: 1002, reason: 'VERSION' });
  });
});
