/** A person's hand on the board of a window. */
import type { Locator } from 'playwright-core';
import type { Window } from './window.ts';

export class BoardHand {
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
  }

  /** Puts a note with words on the board, and holds it. */
  async note(words: string): Promise<void> {
    await this.#window.page.locator('#add-note').click();
    await this.write(words);
  }

  /** Touches a shape: it is selected, and held if nobody else holds it. */
  async touch(words: string): Promise<void> {
    await this.shape(words).click();
  }

  /** Changes the words of the shape that is selected. */
  async write(words: string): Promise<void> {
    const field = this.#window.page.locator('#selection input');
    await field.fill(words);
    await field.press('Enter');
  }

  /** Drags a shape that is held. */
  async drag(words: string, by: { readonly x: number; readonly y: number }): Promise<void> {
    const { mouse } = this.#window.page;
    const box = await this.shape(words).locator('.form').boundingBox();
    if (box === null) throw new Error(`The shape "${words}" is not to be seen.`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + by.x / 2, y + by.y / 2);
    await mouse.move(x + by.x, y + by.y);
    await mouse.up();
  }

  async done(): Promise<void> {
    await this.#window.page.locator('#selection').getByRole('button', { name: 'Done' }).click();
  }

  shape(words: string): Locator {
    return this.#window.page.locator('#board .shape').filter({ hasText: words });
  }

  /** As a screen reader tells them: "note “Plan”, held by you". */
  async shapes(): Promise<readonly string[]> {
    const labels = await this.#window.page
      .locator('#board .shape')
      .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
    return labels;
  }

  async place(words: string): Promise<string | null> {
    return this.shape(words).getAttribute('transform');
  }
}
