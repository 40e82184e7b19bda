/** The field of the shared text. What others write appears without moving the caret from its place. */
import type { SharedText } from './shared-text.ts';
import { caretAfter, changeBetween, type TextChange } from './text-change.ts';

export class TextView {
  readonly #field: HTMLTextAreaElement;
  #text: SharedText | null = null;
  /** What the field showed before the present change. */
  #shown = '';

  constructor(field: HTMLTextAreaElement) {
    this.#field = field;
    field.addEventListener('input', () => this.#onInput());
    // To write into the field would end the composition of a character.
    field.addEventListener('compositionstart', () => this.#text?.hold());
    field.addEventListener('compositionend', () => {
      this.#onInput();
      this.#text?.release();
    });
  }

  /** Shows this text from now on; null: none, and nothing can be written. */
  show(text: SharedText | null): void {
    this.#text = text;
    this.#field.disabled = text === null;
    this.refresh([]);
  }

  /** The text is different now, by these changes. */
  refresh(changes: readonly TextChange[]): void {
    const { selectionStart, selectionEnd, selectionDirection, scrollTop } = this.#field;
    this.#shown = this.#text?.toString() ?? '';
    if (this.#field.value !== this.#shown) this.#field.value = this.#shown;
    this.#field.setSelectionRange(
      changes.reduce(caretAfter, selectionStart),
      changes.reduce(caretAfter, selectionEnd),
      selectionDirection,
    );
    this.#field.scrollTop = scrollTop;
  }

  #onInput(): void {
    const { value, selectionEnd } = this.#field;
    const change = changeBetween(this.#shown, value, selectionEnd);
    this.#shown = value;
    if (change !== null) this.#text?.edit(change);
  }
}
