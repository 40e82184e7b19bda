/** Who comes in: with what name, with what token, from what screen, among what neighbours. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { BoardHand } from './board-hand.ts';
import { run, Server } from './server.ts';
import { type Stage, seen } from './stage.ts';
import { Window } from './window.ts';

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const hostile = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  '\u202Egnp.exe',
  'W'.repeat(60),
];

export function entering(stage: Stage): void {
  test('hostile names and words are shown as text, and break nothing', async () => {
    const ann = await stage.person('Ann', 'hostile', phone);
    let dialogs = 0;
    ann.page.on('dialog', (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    for (const name of hostile) {
      // The client takes no invisible characters in names; in what is said there may be any.
      const other = await stage.program(name.replace('\u202E', '')).join('hostile');
      await other.broadcast(name);
      await other.object(`board/${hostile.indexOf(name)}`).replace(
        JSON.stringify({
          ...{ kind: 'note', x: 30, y: 30, width: 120, height: 80, colour: 1 },
          words: name,
        }),
      );
    }
    await expect.poll(() => ann.said(), seen).toHaveLength(hostile.length);
    await expect.poll(() => new BoardHand(ann).shapes(), seen).toHaveLength(hostile.length);
    await expect.poll(() => ann.members(), seen).toContain(hostile[0]);
    expect(dialogs).toBe(0);
    expect(await overflow(ann)).toBe(0);
  });

  test('what is no shape is not shown, and the others are', async () => {
    const { ann } = await stage.annAndBob('garbage');
    const group = await stage.program('vandal').join('garbage');
    const good = { kind: 'note', x: 10, y: 10, width: 100, height: 60, colour: 0, words: 'good' };
    const bad = [
      'no JSON',
      'null',
      JSON.stringify({ ...good, x: null }),
      JSON.stringify({ ...good, width: 1e9 }),
      JSON.stringify({ ...good, colour: 'red' }),
      JSON.stringify({ ...good, words: 'w'.repeat(10_000) }),
      new Uint8Array(100_000),
    ];
    for (const [index, data] of bad.entries())
      await group.object(`board/bad-${index}`).replace(data);
    await group.object('board/good').replace(JSON.stringify(good));
    group.volatile('[]');
    group.volatile('{"at":[1e9,null]}');
    await expect.poll(() => new BoardHand(ann).shapes(), seen).toEqual(['note “good”, free']);
  });

  test('on a phone nothing stands beside the screen', async () => {
    const ann = await stage.person('Ann', 'phone', phone);
    await new BoardHand(ann).note('A note with rather many words on it');
    expect(await overflow(ann)).toBe(0);
    await ann.cutOrMend();
    await expect.poll(() => ann.absence(), seen).not.toEqual([]);
    expect(await overflow(ann)).toBe(0);
  });

  test('a shape can be held, moved and let go with the keyboard', async () => {
    const { ann, bob } = await stage.annAndBob('keys');
    const [hers, his] = [new BoardHand(ann), new BoardHand(bob)];
    await hers.note('Keys');
    await hers.done();
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Keys”, free']);
    const before = await his.place('Keys');
    await his.shape('Keys').focus();
    await bob.page.keyboard.press('Enter');
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Keys”, held by Bob']);
    await bob.page.keyboard.press('ArrowRight');
    await bob.page.keyboard.press('Escape');
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Keys”, free']);
    expect(await hers.place('Keys')).not.toBe(before);
  });

  test('a browser that stores nothing shows the page all the same', async () => {
    const context = await stage.browser.newContext();
    onTestFinished(() => context.close());
    await context.addInitScript(() => {
      for (const place of ['sessionStorage', 'localStorage', 'indexedDB']) {
        Object.defineProperty(globalThis, place, {
          get() {
            throw new DOMException('The operation is insecure.', 'SecurityError');
          },
        });
      }
    });
    const ann = await Window.open(context, {
      address: stage.addressOf('nothing kept'),
      name: 'Ann',
    });
    await ann.say('here all the same');
    await expect.poll(() => ann.said(), seen).toEqual(['Ann: here all the same']);
    await expect.poll(() => ann.notice(), seen).toMatch(/lost when this page is closed/);
    expect(ann.errors).toEqual([]);
  });

  test('where the server asks for a token, the page does, and goes on with it', async () => {
    const keys = join(stage.data, 'keys.json');
    await run('token', 'make', keys);
    const made = await run('token', '--keys', keys, '--sub', 'ann', '--allow', 'team/*:*');
    const guarded = new Server(join(stage.data, 'guarded'), ['--token-keys', keys]);
    await guarded.start();
    const context = await stage.browser.newContext();
    onTestFinished(async () => {
      await context.close();
      await guarded.kill();
    });
    const ann = await Window.visit(context, guarded.page);
    const dialog = ann.page.locator('#token-dialog');
    await dialog.waitFor();
    await ann.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await ann.page.getByRole('button', { name: 'Enter a token' }).click();
    await dialog.waitFor();
    await ann.page.locator('#token').fill('§ not even the characters of a token');
    await dialog.getByRole('button', { name: 'Enter' }).click();
    await expect.poll(() => ann.page.locator('#token').inputValue(), seen).toBe('');
    await dialog.waitFor();
    await ann.page.locator('#token').fill('a.wrong.token');
    await dialog.getByRole('button', { name: 'Enter' }).click();
    await expect
      .poll(() => ann.page.locator('#token-why').innerText(), seen)
      .toMatch(/no JSON Web Token/);
    await ann.page.locator('#token').fill(made.trim());
    await dialog.getByRole('button', { name: 'Enter' }).click();
    await expect.poll(() => ann.notice(), seen).toMatch(/"lobby" is not granted/);
    await ann.enter('team/plan');
    await ann.ready();
    await ann.say('with a token');
    await expect.poll(() => ann.said(), seen).toEqual([expect.stringMatching(/: with a token$/)]);
    expect(ann.errors).toEqual([]);
  });
}

/** By how much the page is wider than the screen. */
function overflow(window: Window): Promise<number> {
  return window.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
