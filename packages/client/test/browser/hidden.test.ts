/**
 * A page that nobody looks at is frozen by its browser: no timer, no message, no line of its code runs.
 * Here the process that runs the page is stopped, which freezes more than any browser does.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@choir/client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Server } from '../../../console/test/browser/server.ts';
import { chromiumPath, Profile } from './profile.ts';

const seen = { timeout: 15_000 };
/** Longer than a server waits for a client that is silent (`idleMs`, 30 s). */
const frozenMs = 35_000;

describe.skipIf(chromiumPath === null)('a hidden page', { timeout: 90_000 }, () => {
  const data = mkdtempSync(join(tmpdir(), 'choir-hidden-'));
  const server = new Server(data);
  const profile = new Profile();

  beforeAll(() => server.start(), 60_000);

  afterAll(async () => {
    await profile.remove();
    await server.kill();
    rmSync(data, { recursive: true });
  }, 60_000);

  test('that is frozen keeps its connection, and has everything when it is looked at', async () => {
    const page = await profile.open(new URL(server.page).origin);
    await page.evaluate((where) => program.enter(where), { url: server.url, room: 'room' });
    const other = connect(server.url, { name: 'Bob' });
    onTestFinished(() => other.close());
    const group = await other.join('room');
    const changes: string[] = [];
    group.on('membership', ({ kind }) => changes.push(kind));

    onTestFinished(() => page.close());
    await profile.freeze();
    let looked = false;
    const look = page
      .evaluate(() => {})
      .then(() => {
        looked = true;
      });
    const began = performance.now();
    const written = async (): Promise<number> => {
      await group.object('doc').update('x');
      return performance.now() - began;
    };
    await expect.poll(written, { timeout: 60_000, interval: 1_000 }).toBeGreaterThan(frozenMs);
    expect(looked).toBe(false);
    await profile.thaw();
    await look;

    const content = group.object('doc').text();
    const read = () => page.evaluate(() => program.group.object('doc').text());
    await expect.poll(read, seen).toBe(content);
    // An answer, behind whatever the timers of the page led to.
    await page.evaluate(() => program.client.status());
    expect(await page.evaluate(() => program.states)).toEqual(['connecting', 'online']);
    expect(changes).toEqual([]);
  });

  test('that is looked at tries at once', async () => {
    const page = await profile.open(new URL(server.page).origin);
    await page.evaluate((where) => program.enter(where), { url: server.url, room: 'again' });
    await page.evaluate(() => program.client.close());
    // Without a server for so long that the next attempt is seconds away.
    await server.kill();
    await page.evaluate((url) => program.start(url), server.url);
    const waitsLong = () => page.evaluate(() => (program.client.connection.retryInMs ?? 0) > 3_000);
    await expect.poll(waitsLong, { timeout: 60_000, interval: 20 }).toBe(true);
    await server.start();
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expect
      .poll(() => page.evaluate(() => program.client.connection.state), { timeout: 1_000 })
      .toBe('online');
  });
});
