/** What all tests of the page share: a browser, a server with short patience, and people in windows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, connect } from '@choir/client';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { build } from 'vite';
import { expect, onTestFinished } from 'vitest';
import { chromiumPath, launch } from './chromium.ts';
import { Server } from './server.ts';
import { Window } from './window.ts';

const consoleFolder = fileURLToPath(new URL('../..', import.meta.url));
/** How long a test waits for something to be seen. */
export const seen = { timeout: 15_000 };

export class Stage {
  readonly data = mkdtempSync(join(tmpdir(), 'choir-page-'));
  readonly server = new Server(this.data, ['--admin', 'root']);
  #browser: Browser | null = null;

  async open(): Promise<void> {
    await build({ root: consoleFolder, logLevel: 'warn' });
    [this.#browser] = await Promise.all([launch(chromiumPath ?? ''), this.server.start()]);
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    await this.server.kill();
    rmSync(this.data, { recursive: true });
  }

  get browser(): Browser {
    if (this.#browser === null) throw new Error('The browser was not started.');
    return this.#browser;
  }

  addressOf(group: string): string {
    return `${this.server.page}#${encodeURIComponent(group)}`;
  }

  /** Somebody in a browser of their own, in a group, until the end of the test. */
  async person(name: string, group: string, options: BrowserContextOptions = {}): Promise<Window> {
    const context = await this.browser.newContext(options);
    const window = await Window.open(context, { address: this.addressOf(group), name });
    onTestFinished(async () => {
      await context.close();
      expect(window.errors).toEqual([]);
    });
    return window;
  }

  async annAndBob(group: string): Promise<{ readonly ann: Window; readonly bob: Window }> {
    const ann = await this.person('Ann', group);
    const bob = await this.person('Bob', group);
    await expect.poll(() => ann.members(), seen).toEqual(['Ann (you)', 'Bob']);
    await expect.poll(() => bob.members(), seen).toEqual(['Ann', 'Bob (you)']);
    return { ann, bob };
  }

  /** A program on the same server, until the end of the test; the client `root` may delete groups. */
  program(name: string, clientId?: string): Client {
    const identity = clientId === undefined ? {} : { clientId };
    const client = connect(this.server.url, { name, ...identity });
    onTestFinished(() => client.close());
    return client;
  }
}
