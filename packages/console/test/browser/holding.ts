/** What is selected and held, and what becomes of it when windows, groups and lines change. */
import { expect, test } from 'vitest';
import { BoardHand } from './board-hand.ts';
import { type Stage, seen } from './stage.ts';

export function holding(stage: Stage): void {
  test('words that were not confirmed stay with their shape when another place is touched', async () => {
    const { ann, bob } = await stage.annAndBob('unconfirmed words');
    const [hers, his] = [new BoardHand(ann), new BoardHand(bob)];
    await hers.note('One');
    await hers.done();
    await hers.note('Two');
    const field = ann.page.locator('#selection input');
    await field.fill('Two, and more');
    await hers.touch('One');
    await expect
      .poll(() => his.shapes(), seen)
      .toEqual(['note “One”, held by Ann', 'note “Two, and more”, free']);
    await field.fill('One, and more');
    await ann.page.locator('#board').click({ position: { x: 5, y: 5 } });
    await expect
      .poll(() => his.shapes(), seen)
      .toEqual(['note “One, and more”, free', 'note “Two, and more”, free']);
  });

  test('a shape that was made while away is held by touching it once', async () => {
    const { ann } = await stage.annAndBob('made away');
    const hers = new BoardHand(ann);
    await ann.cutOrMend();
    await expect.poll(() => ann.connection(), seen).toMatch(/^offline/);
    await hers.note('New');
    await ann.cutOrMend();
    await expect.poll(() => ann.connection(), seen).toBe('online, 0 pending');
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “New”, free']);
    await hers.touch('New');
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “New”, held by you']);
  });

  test('who touches, lets go and touches again before an answer comes holds the shape once', async () => {
    const { ann, bob } = await stage.annAndBob('impatient');
    const [hers, his] = [new BoardHand(ann), new BoardHand(bob)];
    await hers.note('Plan');
    await hers.done();
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan”, free']);
    await his.shape('Plan').evaluate((shape) => {
      for (const key of ['Enter', 'Escape', 'Enter']) {
        shape.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      }
    });
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Plan”, held by Bob']);
    await his.write('Plan of Bob');
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Plan of Bob”, held by Bob']);
    expect(await bob.notice()).toBe('');
    await his.done();
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Plan of Bob”, free']);
  });

  test('who goes to another group gives back what was held, and is told nothing of it', async () => {
    const { ann, bob } = await stage.annAndBob('moving');
    const [hers, his] = [new BoardHand(ann), new BoardHand(bob)];
    await hers.note('Plan');
    await ann.enter('moved');
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan”, free']);
    await ann.ready();
    await ann.say('here');
    await expect.poll(() => ann.connection(), seen).toBe('online, 0 pending');
    expect(await ann.notice()).toBe('');
  });

  test('who goes to another group while away is told of the next absence, too', async () => {
    const { ann } = await stage.annAndBob('gone');
    await ann.cutOrMend();
    await expect.poll(() => ann.connection(), seen).toMatch(/^offline/);
    await ann.enter('gone on');
    await expect.poll(() => ann.absence(), seen).toContain('You have cut your line.');
    await ann.cutOrMend();
    await ann.ready();
    await expect.poll(() => ann.absence(), seen).toEqual([]);
    await ann.cutOrMend();
    await expect.poll(() => ann.absence(), seen).toContain('You have cut your line.');
  });

  test('a group that is deleted is told, and can be entered again', async () => {
    const { bob } = await stage.annAndBob('deleted');
    await new BoardHand(bob).note('Plan');
    await stage.program('admin', 'root').delete('deleted');
    await expect.poll(() => bob.notice(), seen).toMatch(/^The group was deleted/);
    await bob.page.getByRole('button', { name: 'Enter' }).click();
    await bob.ready();
    expect(await bob.notice()).toBe('');
  });

  test('what is not held is not moved by who says so', async () => {
    const { ann } = await stage.annAndBob('vandals');
    const hers = new BoardHand(ann);
    await hers.note('Plan');
    await hers.done();
    const vandal = await stage.program('vandal').join('vandals');
    const [plan] = vandal.objects();
    const before = await hers.place('Plan');
    vandal.volatile(JSON.stringify({ at: [1, 1], drags: plan?.id, to: [400, 200] }));
    await expect.poll(() => ann.page.locator('#board .cursor').count(), seen).toBe(1);
    expect(await hers.place('Plan')).toBe(before);
  });

  test('a drag that has ended hides nothing that follows', async () => {
    const { ann, bob } = await stage.annAndBob('then keys');
    const [hers, his] = [new BoardHand(ann), new BoardHand(bob)];
    await hers.note('Plan');
    const start = await his.place('Plan');
    const box = await hers.shape('Plan').locator('.form').boundingBox();
    if (box === null) throw new Error('There is no shape.');
    const { mouse } = ann.page;
    await mouse.move(box.x + 20, box.y + 20);
    await mouse.down();
    await expect
      .poll(async () => {
        const at = Date.now() % 40;
        await mouse.move(box.x + 60 + at, box.y + 60);
        return his.place('Plan');
      }, seen)
      .not.toBe(start);
    await mouse.up();
    const dropped = await hers.place('Plan');
    await hers.shape('Plan').press('ArrowRight');
    const place = await hers.place('Plan');
    expect(place).not.toBe(dropped);
    await expect.poll(() => his.place('Plan'), { timeout: 3_000 }).toBe(place);
  });
}
