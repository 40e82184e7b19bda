import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chromiumPath, Profile } from './profile.ts';

/** Nobody listens there: these tests need no server. */
const origin = 'http://127.0.0.1:9';
const url = 'ws://127.0.0.1:9';

describe.skipIf(chromiumPath === null)('an outbox in the browser', { timeout: 30_000 }, () => {
  const profile = new Profile();
  const pages: Page[] = [];

  beforeEach(async () => {
    const page = await opened();
    await page.evaluate(() => program.forget());
  }, 30_000);

  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
  });

  afterAll(() => profile.remove());

  async function opened(from = origin): Promise<Page> {
    const page = await profile.open(from);
    pages.push(page);
    return page;
  }

  async function holding(): Promise<Page> {
    const page = await opened();
    await page.evaluate((to) => program.start(to), url);
    return page;
  }

  describe('B1: has one owner', () => {
    test('a second page is refused', async () => {
      await holding();
      const other = await opened();
      const failure = await other.evaluate((to) => program.failure(() => program.start(to)), url);
      expect(failure).toBe('OUTBOX_IN_USE: Another page of this browser has the outbox "test".');
    });

    test('until the first is gone', async () => {
      await (await holding()).close();
      expect(await (await opened()).evaluate((to) => program.start(to), url)).toBe(0);
    });

    test('the page itself is no second one when it is loaded again', async () => {
      const page = await holding();
      for (let i = 0; i < 5; i += 1) {
        await page.reload();
        expect(await page.evaluate((to) => program.start(to), url)).toBe(0);
      }
    });

    test('one that waits has its turn', async () => {
      const first = await holding();
      const other = await opened();
      const started = other.evaluate((to) => program.start(to, { whenInUse: 'wait' }), url);
      await expect.poll(() => first.evaluate(() => program.waiting())).toBe(1);
      await first.evaluate(() => program.client.close());
      expect(await started).toBe(0);
    });

    test('waiting can be given up', async () => {
      await holding();
      const other = await opened();
      const failure = await other.evaluate((to) => {
        const signal = AbortSignal.timeout(10);
        return program.failure(() => program.start(to, { whenInUse: 'wait', signal }));
      }, url);
      expect(failure).toMatch(/^ABORTED/);
    });

    test('one that asks for another has its own, and has it again when it is loaded again', async () => {
      const names: string[] = [];
      for (const page of [await opened(), await opened(), await opened()]) {
        await page.evaluate((to) => program.start(to, { whenInUse: 'another' }), url);
        names.push(await page.evaluate(() => program.outbox.name));
      }
      expect(names).toEqual([
        'choir outbox test',
        'choir outbox test (2)',
        'choir outbox test (3)',
      ]);
      const [, , , third] = pages;
      await pages[2]?.close();
      await third?.reload();
      await third?.evaluate((to) => program.start(to, { whenInUse: 'another' }), url);
      expect(await third?.evaluate(() => program.outbox.name)).toBe(names[2]);
    });

    test('… also where there is no room to remember which it was', async () => {
      const page = await opened();
      const failure = await page.evaluate((to) => {
        for (let length = 2 ** 23; length >= 1; ) {
          try {
            sessionStorage.setItem(`filled ${sessionStorage.length}`, 'x'.repeat(length));
          } catch {
            length /= 2;
          }
        }
        return program.failure(() => program.start(to, { whenInUse: 'another' }));
      }, url);
      expect(failure).toBe('none');
      expect(await page.evaluate(() => program.outbox.name)).toBe('choir outbox test');
    });

    test('… and what such a page left pending is taken up first', async () => {
      const first = await opened();
      await first.evaluate((to) => program.start(to, { whenInUse: 'another' }), url);
      const second = await opened();
      await second.evaluate((to) => program.start(to, { whenInUse: 'another' }), url);
      await second.evaluate(() => program.say('left'));
      await first.close();
      await second.close();
      const next = await opened();
      expect(await next.evaluate((to) => program.start(to, { whenInUse: 'another' }), url)).toBe(1);
      expect(await next.evaluate(() => program.outbox.name)).toBe('choir outbox test (2)');
    });
  });

  test('B3: a local id is never used twice, though what had it is gone', async () => {
    const page = await holding();
    const first = await page.evaluate(() => program.say('one'));
    await page.evaluate(() => program.outbox.remove(1 as never, false));
    await page.reload();
    expect(await page.evaluate((to) => program.start(to), url)).toBe(0);
    expect(await page.evaluate(() => program.say('two'))).toBe(first + 1);
  });

  describe('B4: what cannot be read', () => {
    async function damaged(): Promise<Page> {
      const page = await holding();
      for (const words of ['one', 'two', 'three'])
        await page.evaluate((w) => program.say(w), words);
      await page.evaluate(() => program.client.close());
      await page.evaluate(() => program.damage('pending', 2));
      return page;
    }

    test('is told, and nothing is changed', async () => {
      const page = await damaged();
      for (let i = 0; i < 2; i += 1) {
        const failure = await page.evaluate((to) => program.failure(() => program.start(to)), url);
        expect(failure).toBe(
          'OUTBOX_DAMAGED: 1 of the records of "choir outbox test" cannot be read (local ids 2). ' +
            'To go on without them, open it with whenDamaged: "set_aside".',
        );
      }
    });

    test('is set aside when that is asked for, and kept', async () => {
      const page = await damaged();
      const left = await page.evaluate(
        (to) => program.start(to, { whenDamaged: 'set_aside' }),
        url,
      );
      expect(left).toBe(2);
      expect(await page.evaluate(() => program.outbox.damaged.map(({ key }) => key))).toEqual([2]);
      await page.evaluate(() => program.client.close());
      expect(await page.evaluate(() => program.keysOf('damaged'))).toHaveLength(1);
      expect(await page.evaluate((to) => program.start(to), url)).toBe(2);
    });

    test('in the outbox of another page is told as well, and holds up none', async () => {
      const first = await opened();
      await first.evaluate((to) => program.start(to, { whenInUse: 'another' }), url);
      const page = await opened();
      await page.evaluate((to) => program.start(to, { whenInUse: 'another' }), url);
      const second = await page.evaluate(() => program.outbox.name);
      await page.evaluate(() => program.say('one'));
      await page.evaluate(() => program.client.close());
      await page.evaluate((name) => program.damage('pending', 1, name), second);
      await first.close();
      const next = await opened();
      const failure = await next.evaluate(
        (to) => program.failure(() => program.start(to, { whenInUse: 'another' })),
        url,
      );
      expect(failure).toContain(`OUTBOX_DAMAGED: 1 of the records of "${second}"`);
      expect(await next.evaluate((to) => program.start(to), url)).toBe(0);
    });

    test('of the identity leaves nothing to go on with but to forget it', async () => {
      const page = await damaged();
      await page.evaluate(() => program.damage('about', 'identity'));
      const failure = await page.evaluate(
        (to) => program.failure(() => program.start(to, { whenDamaged: 'set_aside' })),
        url,
      );
      expect(failure).toMatch(/^OUTBOX_DAMAGED: .* whose outbox .* BrowserOutbox.delete/);
      await page.evaluate(() => program.forget());
      expect(await page.evaluate((to) => program.start(to), url)).toBe(0);
    });
  });

  describe('an outbox that cannot be', () => {
    test('OUTBOX_QUOTA: no more room: the client ends, and says what to do', async () => {
      // An origin of its own: how much room there is, the browser remembers for a while.
      const crowded = 'http://localhost:9';
      const page = await opened(crowded);
      const devTools = await page.context().newCDPSession(page);
      const small = { origin: crowded, quotaSize: 3_000_000 };
      await devTools.send('Storage.overrideQuotaForOrigin', small);
      await page.evaluate((to) => program.start(to), url);
      await page.evaluate(() => program.say('small'));
      // How closely a browser watches is its own affair.
      const failure = await page.evaluate(() => program.failure(() => program.fill(40)));
      expect(await page.evaluate(() => program.ended)).toEqual([failure]);
      await devTools.send('Storage.overrideQuotaForOrigin', { origin: crowded });
      // What was stored before is there, and its owner is gone.
      await page.evaluate(() => program.client.close());
      expect(await page.evaluate((to) => program.start(to), url)).toBeGreaterThanOrEqual(1);
    });

    test('OUTBOX_UNAVAILABLE: a page without a secure origin', async () => {
      const page = await opened('http://elsewhere.example');
      const failure = await page.evaluate((to) => program.failure(() => program.start(to)), url);
      expect(failure).toMatch(/^OUTBOX_UNAVAILABLE: .*https:/);
    });

    test('OUTBOX_UNAVAILABLE: a browser that stores nothing', async () => {
      const page = await opened();
      const failure = await page.evaluate((to) => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('The user denied permission.', 'SecurityError');
        };
        return program.failure(() => program.start(to));
      }, url);
      expect(failure).toMatch(/^OUTBOX_UNAVAILABLE: .*denied.* Allow the site to store data/);
    });

    test('OUTBOX_UNAVAILABLE: a browser that forbids even to ask', async () => {
      const page = await opened();
      const failure = await page.evaluate((to) => {
        const get = (): never => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        };
        Object.defineProperty(globalThis, 'indexedDB', { get });
        return program.failure(() => program.start(to));
      }, url);
      expect(failure).toMatch(/^OUTBOX_UNAVAILABLE: .*insecure.* Allow the site to store data/);
    });

    test('OUTBOX_UNAVAILABLE: data of a newer version of the program', async () => {
      const page = await opened();
      await page.evaluate(() => program.makeNewer());
      const failure = await page.evaluate((to) => program.failure(() => program.start(to)), url);
      expect(failure).toMatch(/^OUTBOX_UNAVAILABLE: .*newer version.*Load the page again/);
    });

    test('OUTBOX_FAILED: its database was deleted under it', async () => {
      const page = await holding();
      await (await opened()).evaluate(() => program.deleteDatabase());
      const failure = await page.evaluate(() =>
        program.failure(() => program.client.broadcast('room', 'x')),
      );
      expect(failure).toMatch(/^OUTBOX_FAILED: The outbox was not stored: .*deleted/);
    });
  });
});
