/** What can be done with the selected shape: its words, its colour, give it back, remove it. */
import { made } from '../page/elements.ts';
import { colours, type Shape, wordsMax } from './shape.ts';

export type SelectionEvents = {
  readonly words: (words: string) => void;
  readonly colour: (colour: number) => void;
  readonly done: () => void;
  readonly remove: () => void;
};

export class SelectionBar {
  readonly #bar: HTMLElement;
  readonly #words = made('input');
  readonly #colours: HTMLButtonElement[] = [];

  constructor(bar: HTMLElement, events: SelectionEvents) {
    this.#bar = bar;
    this.#words.maxLength = wordsMax;
    this.#words.placeholder = 'words';
    this.#words.setAttribute('aria-label', 'Words of the shape');
    this.#words.addEventListener('change', () => events.words(this.#words.value));
    this.#words.addEventListener('keydown', ({ key, isComposing }) => {
      if (isComposing) return;
      if (key === 'Enter' || key === 'Escape') this.#words.blur();
    });
    const palette = made('span');
    palette.className = 'palette';
    for (let colour = 0; colour < colours; colour += 1) {
      const button = actionOf('', () => events.colour(colour));
      button.className = `swatch fill-${colour}`;
      button.setAttribute('aria-label', `Colour ${colour + 1}`);
      this.#colours.push(button);
      palette.append(button);
    }
    const done = actionOf('Done', events.done);
    done.title = 'Gives the shape back, so that others can change it';
    done.className = 'primary';
    bar.append(this.#words, done, palette, actionOf('Remove', events.remove));
    this.show(null);
  }

  /** What is written and not yet confirmed is as if it were. */
  confirm(): void {
    if (document.activeElement === this.#words) this.#words.blur();
  }

  show(shape: Shape | null): void {
    this.#bar.hidden = shape === null;
    if (shape === null) return;
    // Who is writing is not interrupted.
    if (document.activeElement !== this.#words) this.#words.value = shape.words;
    this.#colours.forEach((button, colour) => {
      button.setAttribute('aria-pressed', `${colour === shape.colour}`);
    });
  }
}

function actionOf(words: string, act: () => void): HTMLButtonElement {
  const button = made('button', words);
  button.type = 'button';
  button.addEventListener('click', act);
  return button;
}
