import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@choir/client';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chromiumPath, launch } from './chromium.ts';
import { Server } from './server.ts';
import { Window } from './window.ts';

const consoleFolder = fileURLToPath(new URL('../..', import.meta.url));
const seen = { timeout: 15_000 };

describe.skipIf(chromiumPath === null)('two windows', { timeout: 30_000 }, () => {
  const data = mkdtempSync(join(tmpdir(), 'choir-page-'));
  const server = new Server(data);
  let browser: Browser;

  beforeAll(async () => {
    await build({ root: consoleFolder, logLevel: 'warn' });
    [browser] = await Promise.all([launch(chromiumPath ?? ''), server.start()]);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await server.kill();
    rmSync(data, { recursive: true });
  });

  async function annAndBob(group: string): Promise<{ ann: Window; bob: Window }> {
    const context = await browser.newContext();
    const address = `${server.page}#${group}`;
    const ann = await Window.open(context, { address, name: 'Ann' });
    const bob = await Window.open(context, { address, name: 'Bob' });
    onTestFinished(async () => {
      await context.close();
      expect([...ann.errors, ...bob.errors]).toEqual([]);
    });
    await expect.poll(() => ann.members(), seen).toEqual(['Annyou', 'Bob']);
    await expect.poll(() => bob.members(), seen).toEqual(['Ann', 'Bobyou']);
    return { ann, bob };
  }

  test('what one says, both see, as text', async () => {
    const { ann, bob } = await annAndBob('talk');
    await ann.say('hello');
    await expect.poll(() => bob.said(), seen).toEqual(['Ann: hello']);
    await bob.say('<img src=x onerror=alert(1)>');
    const both = ['Ann: hello', 'Bob: <img src=x onerror=alert(1)>'];
    await expect.poll(() => ann.said(), seen).toEqual(both);
    await expect.poll(() => bob.said(), seen).toEqual(both);
  });

  test('both write one text at the same time', async () => {
    const { ann, bob } = await annAndBob('text');
    await ann.write(' and ', 'Home');
    await expect.poll(() => bob.written(), seen).toBe(' and ');
    await Promise.all([ann.write('all that Ann wrote', 'Home'), bob.write('all by Bob 😀', 'End')]);
    const merged = 'all that Ann wrote and all by Bob 😀';
    await expect.poll(() => ann.written(), seen).toBe(merged);
    await expect.poll(() => bob.written(), seen).toBe(merged);
  });

  test('who comes later gets the text, and a new name is seen by all', async () => {
    const { ann, bob } = await annAndBob('later');
    await ann.write('first', 'End');
    await bob.close();
    await expect.poll(() => ann.happened(), seen).toContain('Bob left');
    const address = `${server.page}#elsewhere`;
    const cid = await Window.open(browser, { address, name: 'Cid' });
    await cid.enter('later');
    await expect.poll(() => cid.written(), seen).toBe('first');
    await cid.rename('Eve');
    await expect.poll(() => ann.members(), seen).toEqual(['Annyou', 'Eve']);
  });

  test('a change that is not taken disappears, and is told', async () => {
    const { ann, bob } = await annAndBob('locked');
    await ann.write('kept', 'End');
    await expect.poll(() => bob.written(), seen).toBe('kept');
    const other = connect(server.url, { name: 'other' });
    onTestFinished(() => other.close());
    const lock = await (await other.join('locked')).lock('text.yjs');
    await bob.write(' not kept', 'End');
    await expect.poll(() => bob.notice(), seen).toMatch(/not taken/);
    await expect.poll(() => bob.written(), seen).toBe('kept');
    await lock.release();
    await bob.write(', and more', 'End');
    await expect.poll(() => ann.written(), seen).toBe('kept, and more');
  });

  test('the server is killed and started again: what was pending is there once', async () => {
    const { ann, bob } = await annAndBob('killed');
    await ann.write('before', 'End');
    await expect.poll(() => bob.written(), seen).toBe('before');
    await server.kill();
    await expect.poll(() => ann.connection(), seen).toBe('offline, 0 pending');
    await expect.poll(() => bob.connection(), seen).toBe('offline, 0 pending');
    await ann.say('while it was away');
    expect(await ann.connection()).toBe('offline, 1 pending');
    await ann.write('A', 'Home');
    await bob.write('B', 'End');
    expect(await ann.connection()).toBe('offline, 2 pending');
    await server.start();
    for (const window of [ann, bob]) {
      await expect.poll(() => window.connection(), seen).toBe('online, 0 pending');
      await expect.poll(() => window.said(), seen).toEqual(['Ann: while it was away']);
      await expect.poll(() => window.written(), seen).toBe('AbeforeB');
      expect(await window.notice()).toBe('');
    }
  });
});
