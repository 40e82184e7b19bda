import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@choir/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Server } from '../../../console/test/browser/server.ts';
import type { Place } from './page/page.ts';
import { chromiumPath, Profile } from './profile.ts';

const seen = { timeout: 15_000 };

describe.skipIf(chromiumPath === null)('an outbox in the browser', { timeout: 60_000 }, () => {
  const data = mkdtempSync(join(tmpdir(), 'choir-outbox-'));
  const server = new Server(data);
  let profile: Profile;
  let origin: string;
  let rooms = 0;
  let place: Place;

  beforeAll(async () => {
    await server.start();
    origin = new URL(server.page).origin;
  }, 60_000);

  afterAll(async () => {
    await server.kill();
    rmSync(data, { recursive: true });
  });

  beforeEach(() => {
    rooms += 1;
    place = { url: server.url, room: `room${rooms}` };
    const own = new Profile();
    profile = own;
    onTestFinished(() => own.remove());
  });

  async function entered(): Promise<Page> {
    const page = await profile.open(origin);
    await page.evaluate((where) => program.enter(where), place);
    return page;
  }

  /** Writes while there is no server. Returns the id of the client. */
  async function writeOffline(page: Page, ...pieces: readonly string[]): Promise<string | null> {
    await server.kill();
    await expect
      .poll(() => page.evaluate(() => program.client.connection.state), seen)
      .not.toBe('online');
    await page.evaluate((all) => program.write(...all), pieces);
    return await page.evaluate(() => program.client.clientId);
  }

  /** What everybody sees; each piece that took effect, in order, as often as it did. */
  async function content(): Promise<string> {
    const reader = connect(place.url, { name: 'reader' });
    try {
      const { objects } = await reader.readState(place.room, ['doc']);
      const updates = [...objects.values()].flat();
      return updates.map((update) => new TextDecoder().decode(update.data)).join('');
    } finally {
      await reader.close();
    }
  }

  /** Starts the client of that page again, and waits until it has nothing left to say. */
  async function resume(page: Page): Promise<{ found: number; clientId: string | null }> {
    const found = await page.evaluate((url) => program.start(url), place.url);
    await server.start();
    await expect.poll(() => page.evaluate(() => program.client.pending), seen).toBe(0);
    return { found, clientId: await page.evaluate(() => program.client.clientId) };
  }

  test('what is pending when the page is loaded again takes effect once', async () => {
    const page = await entered();
    await page.evaluate(() => program.write('0;'));
    await expect.poll(content, seen).toBe('0;');
    const clientId = await writeOffline(page, '1;', '2;', '3;');
    await page.reload();
    expect(await resume(page)).toEqual({ found: 3, clientId });
    expect(await content()).toBe('0;1;2;3;');
  });

  test('… or when its tab is closed', async () => {
    const page = await entered();
    const clientId = await writeOffline(page, '1;', '2;');
    await page.close({ runBeforeUnload: false });
    expect(await resume(await profile.open(origin))).toEqual({ found: 2, clientId });
    expect(await content()).toBe('1;2;');
  });

  test('… or when the browser is killed', async () => {
    const page = await entered();
    const clientId = await writeOffline(page, '1;', '2;', '3;');
    await profile.kill();
    expect(await resume(await profile.open(origin))).toEqual({ found: 3, clientId });
    expect(await content()).toBe('1;2;3;');
  });

  test('… or when the browser is killed, over and over, while it is sending', async () => {
    await entered();
    await profile.kill();
    const expected: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const page = await profile.open(origin);
      await page.evaluate((where) => program.enter(where), place);
      const pieces = Array.from({ length: 20 }, (_, n) => `${round}.${n};`);
      // Stored, and on their way or not.
      await page.evaluate((all) => program.write(...all), pieces);
      expected.push(...pieces);
      await profile.kill();
    }
    const page = await profile.open(origin);
    await page.evaluate((url) => program.start(url), place.url);
    await expect.poll(() => page.evaluate(() => program.client.pending), seen).toBe(0);
    expect(await content()).toBe(expected.join(''));
  });

  test('B2: nothing is sent before it is on the disk, and what comes together goes together', async () => {
    const page = await entered();
    await page.evaluate(() => program.watchOrder());
    const settled = await page.evaluate(async () => {
      const all = Array.from({ length: 500 }, (_, n) => program.group.broadcast(`message ${n}`));
      const localIds = (await Promise.all(all)).map(({ localId }) => localId);
      // A durable write of nothing comes behind the removals.
      await program.write();
      return new Set(localIds).size;
    });
    expect(settled).toBe(500);
    const order = await page.evaluate(() => program.order);
    expect(order[0]).toBe('strict');
    expect(order).toContain('sent');
    // What the server has decided is removed without waiting for the disk, many at a time.
    expect(order).toContain('relaxed');
    expect(order.filter((each) => each !== 'sent').length).toBeLessThan(50);
  });
});
