/** Shapes that are held, lines that are cut, and what is told to who comes back. */
import { expect, test } from 'vitest';
import { BoardHand } from './board-hand.ts';
import { type Stage, seen } from './stage.ts';
import type { Window } from './window.ts';

const longGrace = '120000';
const shortGrace = '3000';

async function withPlan(stage: Stage, group: string, grace: string) {
  const { ann, bob } = await stage.annAndBob(group);
  const [hers, his] = [new BoardHand(ann), new BoardHand(bob)];
  await ann.page.locator('#grace').selectOption(grace);
  await hers.note('Plan');
  const held = ['note “Plan”, held by you'];
  await expect.poll(() => hers.shapes(), seen).toEqual(held);
  await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan”, held by Ann']);
  return { ann, bob, hers, his };
}

async function cut(window: Window): Promise<void> {
  await window.cutOrMend();
  await expect.poll(() => window.connection(), seen).toMatch(/^offline/);
}

export function cutting(stage: Stage): void {
  test('one holds a shape, the other is told who does, and has it when it is given back', async () => {
    const { bob, hers, his } = await withPlan(stage, 'held', longGrace);
    await his.touch('Plan');
    await expect.poll(() => bob.notice(), seen).toBe('Ann holds this shape.');
    await hers.drag('Plan', { x: 80, y: 50 });
    const place = await hers.place('Plan');
    await expect.poll(() => his.place('Plan'), seen).toBe(place);
    await hers.done();
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan”, free']);
    await his.touch('Plan');
    await his.write('Our plan');
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Our plan”, held by Bob']);
  });

  test('who comes back within the grace keeps the shape, and what was changed meanwhile', async () => {
    const { ann, bob, hers, his } = await withPlan(stage, 'in time', longGrace);
    await cut(ann);
    await expect.poll(() => bob.members(), seen).toEqual(['Ann (away)', 'Bob (you)']);
    await hers.write('Plan B');
    await bob.say('where is Ann?');
    await expect
      .poll(() => hers.shapes(), seen)
      .toEqual(['note “Plan B”, held by you, for an uncertain time, pending']);
    await expect.poll(() => ann.connection(), seen).toBe('offline, 1 pending');
    await expect
      .poll(async () => (await ann.absence()).at(-1), seen)
      .toMatch(/Wrote on the note “Plan B”: waits/);
    await his.touch('Plan');
    await expect.poll(() => bob.notice(), seen).toBe('Ann holds this shape.');
    await ann.cutOrMend();
    await expect.poll(() => ann.connection(), seen).toBe('online, 0 pending');
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan B”, held by Ann']);
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Plan B”, held by you']);
    await expect.poll(() => ann.said(), seen).toEqual(['Bob: where is Ann?']);
    await expect
      .poll(async () => (await ann.absence()).at(-1), seen)
      .toMatch(/Wrote on the note “Plan B”: in the group/);
    expect((await ann.absence())[0]).toMatch(/^You are back after/);
    expect(await ann.notice()).toBe('');
  });

  test('who comes back after the grace finds what others made of it, and is told what had no effect', async () => {
    const { ann, bob, hers, his } = await withPlan(stage, 'late', shortGrace);
    await cut(ann);
    await hers.write('Plan of Ann');
    await ann.write('text of Ann', 'End');
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan”, free']);
    await his.touch('Plan');
    await his.write('Plan of Bob');
    await his.done();
    await expect.poll(() => bob.connection(), seen).toBe('online, 0 pending');
    await expect
      .poll(() => hers.shapes(), seen)
      .toEqual(['note “Plan of Ann”, held by you, for an uncertain time, pending']);
    await ann.cutOrMend();
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Plan of Bob”, free']);
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan of Bob”, free']);
    await expect
      .poll(async () => (await ann.absence()).join('\n'), seen)
      .toMatch(/Wrote on the note “Plan of Ann”: without effect. Your hold on it had run out/);
    await expect.poll(() => ann.notice(), seen).toMatch(/not yours any more/);
    await expect.poll(() => bob.written(), seen).toBe('text of Ann');
    await ann.page.getByRole('button', { name: 'Do it again' }).click();
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan of Ann”, held by Ann']);
  });

  test('while away one adds to the text and to the board, and both are there afterwards', async () => {
    const { ann, bob } = await stage.annAndBob('adding');
    const [hers, his] = [new BoardHand(ann), new BoardHand(bob)];
    await ann.write('one', 'End');
    await expect.poll(() => bob.written(), seen).toBe('one');
    await cut(ann);
    await ann.write(', two', 'End');
    await bob.write('zero, ', 'Home');
    await hers.note('New');
    await ann.cutOrMend();
    await expect.poll(() => his.shapes(), seen).toEqual([expect.stringMatching(/^note “New”/)]);
    for (const window of [ann, bob]) {
      await expect.poll(() => window.written(), seen).toBe('zero, one, two');
    }
  });

  test('what waits outlives the page', async () => {
    const { ann, bob } = await stage.annAndBob('reloaded');
    await cut(ann);
    await ann.say('kept');
    await expect.poll(() => ann.connection(), seen).toBe('offline, 1 pending');
    await ann.page.reload();
    await ann.ready();
    await expect.poll(() => bob.said(), seen).toEqual(['Ann: kept']);
    await expect.poll(() => ann.members(), seen).toEqual(['Ann (you)', 'Bob']);
  });

  test('who loads the page again is back, and holds nothing any more', async () => {
    const { ann, bob, hers, his } = await withPlan(stage, 'again', longGrace);
    await ann.page.reload();
    await ann.ready();
    await expect.poll(() => bob.happened(), seen).toContain('Ann is back');
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan”, free']);
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Plan”, free']);
  });

  test('who loads the page again after the grace is told what had no effect', async () => {
    const { ann, bob, hers, his } = await withPlan(stage, 'late again', shortGrace);
    await cut(ann);
    await hers.write('Plan of Ann');
    await expect.poll(() => his.shapes(), seen).toEqual(['note “Plan”, free']);
    await his.touch('Plan');
    await his.write('Plan of Bob');
    await his.done();
    await expect.poll(() => bob.connection(), seen).toBe('online, 0 pending');
    await ann.page.reload();
    await ann.ready();
    await expect.poll(() => hers.shapes(), seen).toEqual(['note “Plan of Bob”, free']);
    await expect.poll(() => ann.notice(), seen).toMatch(/loaded again had no effect/);
  });

  test('each sees where the other points, until he goes away', async () => {
    const { ann, bob } = await stage.annAndBob('pointing');
    const cursors = (): Promise<string[]> => ann.page.locator('#board .cursor').allTextContents();
    const box = await bob.page.locator('#board').boundingBox();
    if (box === null) throw new Error('There is no board.');
    await bob.page.mouse.move(box.x + 50, box.y + 50);
    await bob.page.mouse.move(box.x + 60, box.y + 60);
    await expect.poll(cursors, seen).toEqual(['Bob']);
    await cut(bob);
    await expect.poll(cursors, seen).toEqual([]);
  });

  test('who stays away for too long is no member any more', async () => {
    await stage.program('founder').create('short', { absenceMs: 500 });
    const { ann, bob } = await stage.annAndBob('short');
    await cut(ann);
    await expect.poll(() => bob.members(), seen).toEqual(['Bob (you)', 'Ann (did not come back)']);
    await ann.cutOrMend();
    await expect.poll(() => bob.members(), seen).toEqual(['Bob (you)', 'Ann']);
  });
}
