/** The panel of who is away, or came back: what waits, what came, and what had no effect. */
import { made } from '../page/elements.ts';
import { type Absence, explanationOf, headingOf, type Line, linesOf } from './absence.ts';
import type { OwnWork } from './own-work.ts';

const tickMs = 1_000;
const signs = { waits: '…', kept: '✓', void: '✗' } as const;

export class AbsenceView {
  readonly #panel: HTMLElement;
  readonly #work: OwnWork;
  readonly #heading = made('h2');
  readonly #explanation = made('p');
  readonly #list = made('ul');
  readonly #dismiss = made('button', 'Dismiss');
  readonly #rows = new Map<string, HTMLLIElement>();
  #absence: (() => Absence) | null = null;
  #tick: number | undefined;

  constructor(panel: HTMLElement, work: OwnWork) {
    this.#panel = panel;
    this.#work = work;
    this.#dismiss.type = 'button';
    this.#dismiss.addEventListener('click', () => this.clear());
    panel.append(this.#heading, this.#explanation, this.#list, this.#dismiss);
    this.refresh();
  }

  /** Shows an absence that goes on, or how it ended; it is asked again every second. */
  show(absence: () => Absence): void {
    this.#absence = absence;
    clearInterval(this.#tick);
    this.#tick = window.setInterval(() => this.refresh(), tickMs);
    this.refresh();
  }

  clear(): void {
    this.#absence = null;
    clearInterval(this.#tick);
    this.#work.dismiss();
    this.refresh();
  }

  refresh(): void {
    const absence = this.#absence?.() ?? null;
    const lines = linesOf(this.#work.tasks).filter(
      ({ state }) => absence !== null || state === 'void',
    );
    this.#panel.hidden = absence === null && lines.length === 0;
    if (this.#panel.hidden) return;
    const away = absence?.kind === 'away';
    this.#panel.dataset['kind'] = away ? 'away' : 'back';
    write(this.#heading, absence === null ? 'Something had no effect.' : headingOf(absence));
    write(this.#explanation, absence === null ? '' : explanationOf(absence));
    // While it counts the seconds, nobody is to hear it every second.
    this.#explanation.setAttribute('aria-live', away ? 'off' : 'polite');
    this.#showRows(lines);
    this.#dismiss.hidden = away;
  }

  /** A row that says the same as before stays, with the focus that may be in it. */
  #showRows(lines: readonly Line[]): void {
    const known = new Map(this.#rows);
    this.#rows.clear();
    for (const line of lines) {
      const key = JSON.stringify([line.task.key, line.state, line.words]);
      const item = known.get(key) ?? row(line);
      known.delete(key);
      this.#rows.set(key, item);
    }
    for (const item of known.values()) item.remove();
    [...this.#rows.values()].forEach((item, index) => {
      const there = this.#list.children[index] ?? null;
      if (there !== item) this.#list.insertBefore(item, there);
    });
  }
}

function row({ state, words, task }: Line): HTMLLIElement {
  const item = made('li');
  item.dataset['state'] = state;
  const sign = made('span', signs[state]);
  sign.setAttribute('aria-hidden', 'true');
  item.append(sign, made('span', words));
  if (state === 'void' && task.again !== null) {
    const button = made('button', 'Do it again');
    button.type = 'button';
    button.addEventListener('click', () => task.again?.());
    item.append(button);
  }
  return item;
}

/** Screen readers hear what changes: nothing is written that is there already. */
function write(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words;
}
