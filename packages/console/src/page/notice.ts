/** The line that tells what a person has to know and cannot see: it stays until it is dismissed. */
import { made } from './elements.ts';

export type Action = { readonly words: string; readonly act: () => void };

export class Notice {
  readonly #box: HTMLElement;
  readonly #text: HTMLElement;
  #button: HTMLButtonElement | null = null;

  constructor(box: HTMLElement, text: HTMLElement, dismiss: HTMLElement) {
    this.#box = box;
    this.#text = text;
    dismiss.addEventListener('click', () => this.clear());
  }

  /** `action`: what can be done about it. */
  tell(text: string, action: Action | null = null): void {
    this.clear();
    this.#text.textContent = text;
    this.#box.hidden = false;
    if (action === null) return;
    this.#button = made('button', action.words);
    this.#button.type = 'button';
    this.#button.addEventListener('click', action.act);
    this.#text.after(this.#button);
  }

  clear(): void {
    this.#box.hidden = true;
    this.#button?.remove();
    this.#button = null;
  }
}
