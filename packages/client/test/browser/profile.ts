/**
 * A browser with a profile on the disk, as a person has it: it can be killed like a process that it is,
 * and opened again with what it had stored.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../../console/test/browser/chromium.ts';
import { bundle } from '../bundle/bundle.ts';

export { chromiumPath };

const flags = [
  '--headless=new',
  '--remote-debugging-port=0',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The page comes from the test, which the browser takes for the open network.
  '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
  'about:blank',
];

export class Profile {
  readonly #folder = mkdtempSync(join(tmpdir(), 'choir-profile-'));
  #process: ChildProcess | null = null;
  #browser: Browser | null = null;

  /** Starts the browser, if need be, and opens a page that has the client; served as from `origin`. */
  async open(origin: string): Promise<Page> {
    const context = await this.#context();
    const page = await context.newPage();
    const script = await bundle(fileURLToPath(new URL('page/page.ts', import.meta.url)));
    const body = `<!doctype html><meta charset="utf-8"><script type="module">${script}</script>`;
    await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body }));
    await page.goto(`${origin}/`);
    return page;
  }

  /** Stops the processes that run pages; the rest of the browser goes on. */
  freeze(): Promise<void> {
    return this.#signalPages('SIGSTOP');
  }

  thaw(): Promise<void> {
    return this.#signalPages('SIGCONT');
  }

  /** Nothing of the browser gets to say good bye. */
  async kill(): Promise<void> {
    const ending = this.#process;
    this.#process = null;
    this.#browser = null;
    if (ending?.pid === undefined || ending.exitCode !== null) return;
    const exited = once(ending, 'exit');
    // The whole group: the browser is many processes.
    process.kill(-ending.pid, 'SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #signalPages(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const devTools = await this.#browser?.newBrowserCDPSession();
    const { processInfo = [] } = (await devTools?.send('SystemInfo.getProcessInfo')) ?? {};
    for (const { type, id } of processInfo) if (type === 'renderer') process.kill(id, signal);
  }

  async #context(): Promise<BrowserContext> {
    this.#browser ??= await this.#start();
    const [context] = this.#browser.contexts();
    if (context === undefined) throw new Error('The browser has no profile.');
    return context;
  }

  async #start(): Promise<Browser> {
    const started = spawn(chromiumPath ?? '', [`--user-data-dir=${this.#folder}`, ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    this.#process = started;
    return await chromium.connectOverCDP(await addressOf(started.stderr));
  }
}

/** Where the browser can be driven, as it says itself. */
function addressOf(stderr: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: stderr })
      .on('line', (line) => {
        const [, address] = /^DevTools listening on (\S+)/.exec(line) ?? [];
        if (address !== undefined) resolve(address);
      })
      .on('close', () => reject(new Error('The browser ended before it could be driven.')));
  });
}
