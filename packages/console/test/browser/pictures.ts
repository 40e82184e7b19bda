// npm run pictures -w @choir/console     takes the pictures of docs/pictures, or into a folder that is named
//
// People act in real browsers against a real server; after a change of the page the pictures are taken
// again, and looked at.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '@choir/client';
import type { BrowserContextOptions } from 'playwright-core';
import { build } from 'vite';
import { BoardHand } from './board-hand.ts';
import { chromiumPath, launch } from './chromium.ts';
import { run, Server } from './server.ts';
import { Window } from './window.ts';

const desk = { viewport: { width: 1280, height: 820 }, colorScheme: 'light' } as const;
const dark = { ...desk, colorScheme: 'dark' } as const;
const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  colorScheme: 'dark',
} as const;
const pause = 700;
const shortGraceMs = 3_000;

const pictures = fileURLToPath(new URL('../../../../docs/pictures', import.meta.url));
const folder = process.argv[2] ?? pictures;
const data = mkdtempSync(join(tmpdir(), 'choir-pictures-'));
const server = new Server(data);
await build({ root: fileURLToPath(new URL('../..', import.meta.url)), logLevel: 'warn' });
const browser = await launch(chromiumPath ?? 'chromium');
await server.start();
try {
  await working();
  await conflict();
  await hostile();
  await token();
} finally {
  await browser.close();
  await server.kill();
  rmSync(data, { recursive: true });
}

async function enter(name: string, group: string, options: BrowserContextOptions): Promise<Window> {
  const context = await browser.newContext({ ...options, locale: 'en-GB' });
  return Window.open(context, { address: `${server.page}#${group}`, name });
}

async function take(window: Window, name: string): Promise<void> {
  await window.page.waitForTimeout(pause);
  await window.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  console.log(name);
}

/** Three people at work; one of them on a phone, cut off for a while and back in time. */
async function working(): Promise<void> {
  const ann = await enter('Ann', 'launch', desk);
  await take(ann, 'empty');
  const [bob, cid] = [await enter('Bob', 'launch', phone), await enter('Cid', 'launch', dark)];
  const [hers, his, third] = [new BoardHand(ann), new BoardHand(bob), new BoardHand(cid)];
  await hers.note('Plan the launch');
  await hers.done();
  await ann.page.locator('#add-ellipse').click();
  await hers.write('Release');
  await hers.drag('Release', { x: 110, y: 60 });
  await hers.done();
  await cid.page.locator('#add-rectangle').click();
  await third.write('Write the docs');
  await third.drag('Write the docs', { x: 120, y: 30 });
  await ann.write('Left to do:\n- figures\n- pictures\n', 'End');
  await ann.say('Hello all. Who takes the plan?');
  await bob.say('I do.');
  await his.touch('Plan the launch');
  await pointAt(ann, 470, 400);
  await pointAt(cid, 620, 210);
  await take(ann, 'desk');
  await take(cid, 'desk-dark');
  await take(bob, 'phone');
  await bob.cutOrMend();
  await his.write('Plan the launch well');
  await bob.say('In a tunnel, I go on.');
  await ann.say('Bob is in a tunnel, I think.');
  await take(bob, 'phone-cut');
  await take(ann, 'desk-away');
  await bob.cutOrMend();
  await take(bob, 'phone-back');
  for (const each of [ann, bob, cid]) await each.page.context().close();
}

/** Away for longer than the grace, while another goes on. */
async function conflict(): Promise<void> {
  const [ann, bob] = [await enter('Ann', 'grace', desk), await enter('Bob', 'grace', desk)];
  const [hers, his] = [new BoardHand(ann), new BoardHand(bob)];
  await ann.page.locator('#grace').selectOption(`${shortGraceMs}`);
  await hers.note('Launch on Monday');
  await ann.cutOrMend();
  await hers.write('Launch on Tuesday');
  await ann.write('Written by Ann while away.', 'End');
  await take(ann, 'cut');
  await ann.page.waitForTimeout(shortGraceMs);
  await his.touch('Launch on Monday');
  await his.write('Launch on Friday');
  await his.done();
  await ann.cutOrMend();
  await take(ann, 'conflict');
  await his.touch('Launch on Friday');
  await his.shape('Launch on Friday').waitFor();
  await ann.page.waitForTimeout(pause);
  await hers.touch('Launch on Friday');
  await take(ann, 'held-by-another');
  for (const each of [ann, bob]) await each.page.context().close();
}

async function hostile(): Promise<void> {
  const ann = await enter('Ann', 'hostile', phone);
  const names = ['<img src=x onerror=alert(1)>', 'W'.repeat(60), 'شركة <b>bold</b>'];
  for (const [index, name] of names.entries()) {
    const other = await connect(server.url, { name }).join('hostile');
    await other.broadcast(`${name} \u202E says hello`);
    const place = { x: 20 + index * 200, y: 60 + index * 90, width: 150, height: 90 };
    const words = name.slice(0, 60);
    await other
      .object(`board/${index}`)
      .replace(JSON.stringify({ kind: 'note', ...place, colour: index, words }));
    await other.lock(`board/${index}`);
  }
  await take(ann, 'hostile-names');
  await ann.page.context().close();
}

async function token(): Promise<void> {
  const keys = join(data, 'keys.json');
  await run('token', 'make', keys);
  const guarded = new Server(join(data, 'guarded'), ['--token-keys', keys]);
  await guarded.start();
  const context = await browser.newContext(desk);
  const ann = await Window.visit(context, guarded.page);
  await ann.page.locator('#token-dialog').waitFor();
  await take(ann, 'token');
  await context.close();
  await guarded.kill();
}

async function pointAt({ page }: Window, x: number, y: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.move(x + 5, y + 5);
}
