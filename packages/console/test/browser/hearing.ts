/** What a person is told who listens, or works with the keyboard, and what is not lost on the way. */
import { expect, test } from 'vitest';
import { BoardHand } from './board-hand.ts';
import { type Stage, seen } from './stage.ts';
import type { Window } from './window.ts';

/** Counts how often the page writes into what a screen reader reads aloud, from now on. */
async function listen(window: Window, selector: string): Promise<() => Promise<number>> {
  await window.page.locator(selector).evaluate((element) => {
    element.setAttribute('data-heard', '0');
    new MutationObserver((changes) => {
      const heard = changes.filter(({ target }) => {
        const near = target instanceof Element ? target : target.parentElement;
        return near?.closest('[aria-live="off"]') === null;
      });
      const before = Number(element.getAttribute('data-heard'));
      element.setAttribute('data-heard', `${before + heard.length}`);
    }).observe(element, { childList: true, characterData: true, subtree: true });
  });
  return async () => Number(await window.page.locator(selector).getAttribute('data-heard'));
}

/** Waits until the panel has counted on. */
async function secondsPass(window: Window): Promise<void> {
  const explanation = window.page.locator('#absence p');
  const before = await explanation.innerText();
  await expect.poll(() => explanation.innerText(), seen).not.toBe(before);
}

export function hearing(stage: Stage): void {
  test('who is away is not told the same again every second', async () => {
    const { ann } = await stage.annAndBob('seconds');
    await ann.cutOrMend();
    await ann.write('away', 'End');
    await expect.poll(() => ann.connection(), seen).toMatch(/[1-9] pending/);
    const heard = await listen(ann, '#absence');
    await secondsPass(ann);
    expect(await heard()).toBe(0);
  });

  test('what can be done again keeps the focus while other things go on', async () => {
    const { ann, bob } = await stage.annAndBob('again and again');
    const [hers, his] = [new BoardHand(ann), new BoardHand(bob)];
    await ann.page.locator('#grace').selectOption('3000');
    await hers.note('Plan');
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan”, held by Ann']);
    await ann.cutOrMend();
    await hers.write('Plan of Ann');
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan”, free']);
    await his.touch('Plan');
    await his.write('Plan of Bob');
    await his.done();
    await expect.poll(() => bob.connection(), seen).toBe('online, 0 pending');
    await ann.cutOrMend();
    const again = ann.page.getByRole('button', { name: 'Do it again' });
    await again.focus();
    const focused = await again.elementHandle();
    await ann.page.locator('#add-rectangle').evaluate((button: HTMLElement) => button.click());
    await expect.poll(() => hers.shapes(), seen).toHaveLength(2);
    await expect.poll(() => ann.connection(), seen).toBe('online, 0 pending');
    expect(await focused?.evaluate((button) => button === document.activeElement)).toBe(true);
  });

  test('what is on its way while one writes is not read aloud', async () => {
    const { ann } = await stage.annAndBob('quietly');
    const heard = await listen(ann, '[role="status"]');
    await ann.write('words', 'End');
    await expect.poll(() => ann.connection(), seen).toBe('online, 0 pending');
    expect(await heard()).toBe(0);
  });

  test('who gives a shape back with the keyboard is at the shape then', async () => {
    const { ann } = await stage.annAndBob('focus');
    const hers = new BoardHand(ann);
    await hers.note('Plan');
    const done = ann.page.locator('#selection').getByRole('button', { name: 'Done' });
    await done.press('Enter');
    const label = (): Promise<string | null | undefined> =>
      ann.page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await expect.poll(label, seen).toBe('note “Plan”, free');
    await hers.shape('Plan').press('Enter');
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Plan”, held by you']);
    await hers.shape('Plan').press('Delete');
    await expect.poll(() => hers.shapes(), seen).toEqual([]);
    await expect.poll(label, seen).toBe('Board');
  });

  test('a name that is none is told and not kept, and the page can be loaded again', async () => {
    const ann = await stage.person('Ann', 'named');
    await expect.poll(() => ann.members(), seen).toEqual(['Ann (you)']);
    await expect.poll(() => ann.connection(), seen).toBe('online, 0 pending');
    await ann.rename('\u540d'.repeat(40));
    await expect.poll(() => ann.notice(), seen).toMatch(/^The name was not changed/);
    await expect.poll(() => ann.page.locator('#name').inputValue(), seen).toBe('Ann');
    await ann.page.reload();
    await ann.ready();
    await expect.poll(() => ann.members(), seen).toEqual(['Ann (you)']);
  });

  test('what is said where there is no group stays in its field', async () => {
    const ann = await stage.person('Ann', 'somewhere');
    await ann.enter('//');
    await expect.poll(() => ann.notice(), seen).toMatch(/group name/);
    await ann.say('to nobody');
    await expect.poll(() => ann.notice(), seen).toMatch(/Enter a group/);
    expect(await ann.page.locator('#message').inputValue()).toBe('to nobody');
  });

  test('of a message without end its beginning is shown', async () => {
    const { ann } = await stage.annAndBob('endless');
    const program = await stage.program('Program').join('endless');
    await program.broadcast('w'.repeat(500_000));
    await expect.poll(() => ann.said(), seen).toHaveLength(1);
    const [said = ''] = await ann.said();
    expect(said.length).toBeLessThan(11_000);
    expect(said).toMatch(/w… \(490000 more characters\)$/);
  });
}
