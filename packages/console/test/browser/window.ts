/** A window of the page, as a person uses it. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

export class Window {
  readonly page: Page;
  /** What a person would not see: errors of the code, and what the page may not load. */
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) this.errors.push(message.text());
    });
  }

  static async open(
    browser: Browser | BrowserContext,
    { address, name }: { readonly address: string; readonly name: string },
  ): Promise<Window> {
    const window = await Window.visit(browser, address);
    await window.rename(name);
    await window.ready();
    return window;
  }

  /** Opens the page, and waits for nothing. */
  static async visit(browser: Browser | BrowserContext, address: string): Promise<Window> {
    const window = new Window(await browser.newPage());
    await window.page.goto(address);
    return window;
  }

  /** The group was entered. */
  async ready(): Promise<void> {
    await this.text.and(this.page.locator(':enabled')).waitFor();
  }

  get text(): Locator {
    return this.page.locator('#text');
  }

  async rename(name: string): Promise<void> {
    await this.page.locator('#name').fill(name);
    await this.page.locator('#name').press('Tab');
  }

  async enter(group: string): Promise<void> {
    await this.page.locator('#group').fill(group);
    await this.page.locator('#group').press('Enter');
  }

  async say(words: string): Promise<void> {
    await this.page.locator('#message').fill(words);
    await this.page.locator('#message').press('Enter');
  }

  /** Types into the shared text, at its beginning or at its end. */
  async write(words: string, at: 'Home' | 'End'): Promise<void> {
    await this.text.press(`Control+${at}`);
    await this.text.pressSequentially(words);
  }

  written(): Promise<string> {
    return this.text.inputValue();
  }

  /** What was said, by whom, without the time; also what still waits. */
  async said(): Promise<readonly string[]> {
    const lines = this.page.locator('#messages li:not(.event)');
    const said = await lines.evaluateAll((all) =>
      all.map(({ children }) => [...children].slice(1).map(({ textContent }) => textContent)),
    );
    return said.map((parts) => parts.join(': '));
  }

  happened(): Promise<readonly string[]> {
    return this.page.locator('#messages .event span').allTextContents();
  }

  /** Names with their marks, as "Ann (you)". */
  async members(): Promise<readonly string[]> {
    const rows = await this.page
      .locator('#members li')
      .evaluateAll((all) =>
        all.map(({ children }) => [...children].map(({ textContent }) => textContent)),
      );
    return rows.map(([name = '', ...marks]) =>
      marks.length === 0 ? name : `${name} (${marks.join(', ')})`,
    );
  }

  connection(): Promise<string> {
    return this.page.locator('#connection').innerText();
  }

  /** Takes the connection of this window away, or gives it back. */
  async cutOrMend(): Promise<void> {
    await this.page.locator('#cut').click();
  }

  /** Empty when there is nothing to tell. */
  async notice(): Promise<string> {
    const notice = this.page.locator('#notice-text');
    return (await notice.isVisible()) ? notice.innerText() : '';
  }

  /** What the panel says that is there while one is away and afterwards; empty when it is not. */
  async absence(): Promise<readonly string[]> {
    const panel = this.page.locator('#absence');
    if (!(await panel.isVisible())) return [];
    return panel.locator('h2, p, li').allInnerTexts();
  }

  close(): Promise<void> {
    return this.page.close({ runBeforeUnload: true });
  }
}
