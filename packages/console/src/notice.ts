/** The line that tells what a person has to know and cannot see: it stays until it is dismissed. */

export class Notice {
  readonly #box: HTMLElement;
  readonly #text: HTMLElement;

  constructor(box: HTMLElement, text: HTMLElement, dismiss: HTMLElement) {
    this.#box = box;
    this.#text = text;
    dismiss.addEventListener('click', () => this.clear());
  }

  tell(text: string): void {
    this.#text.textContent = text;
    this.#box.hidden = false;
  }

  clear(): void {
    this.#box.hidden = true;
  }
}
