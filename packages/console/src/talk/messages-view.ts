/**
 * What was said, in the order of the group, and below it what waits for its place in that order.
 * The page keeps the last ones; the log of the group keeps all.
 */
import { made } from '../page/elements.ts';
import { shortName } from '../people/people.ts';

const linesMax = 500;
/** Of a longer message its beginning is shown: others may send a million characters. */
const charactersMax = 10_000;

export type Author = { readonly name: string; readonly colour: string };

export class MessagesView {
  readonly #list: HTMLOListElement;
  readonly #pending = new Set<HTMLLIElement>();

  constructor(list: HTMLOListElement) {
    this.#list = list;
  }

  clear(): void {
    this.#pending.clear();
    this.#list.replaceChildren();
  }

  said(author: Author, text: string, time: Date): void {
    const name = made('bdi', shortName(author.name));
    name.className = author.colour;
    this.#add(line(time, name, made('span', beginningOf(text))));
  }

  happened(text: string, time: Date): void {
    const row = line(time, made('span', text));
    row.classList.add('event');
    this.#add(row);
  }

  /** Own text that is on its way. */
  waits(name: string, text: string): Waiting {
    const row = line(null, made('bdi', name), made('span', text));
    row.classList.add('pending');
    this.#pending.add(row);
    this.#list.append(row);
    this.#toEnd();
    const remove = () => {
      this.#pending.delete(row);
      row.remove();
    };
    return {
      arrived: remove,
      refused: (why) => {
        remove();
        row.classList.replace('pending', 'refused');
        row.append(made('small', `not sent: ${why}`));
        this.#add(row);
      },
    };
  }

  #add(row: HTMLLIElement): void {
    const [first = null] = this.#pending;
    // Who has scrolled back to read is left there.
    const atEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 40;
    this.#list.insertBefore(row, first?.parentElement === this.#list ? first : null);
    if (this.#list.childElementCount > linesMax) this.#list.firstElementChild?.remove();
    if (atEnd) this.#toEnd();
  }

  #toEnd(): void {
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}

export type Waiting = {
  readonly arrived: () => void;
  readonly refused: (why: string) => void;
};

function beginningOf(text: string): string {
  const more = text.length - charactersMax;
  return more <= 0 ? text : `${text.slice(0, charactersMax)}… (${more} more characters)`;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

function line(time: Date | null, ...content: readonly HTMLElement[]): HTMLLIElement {
  const row = made('li');
  const stamp = made('time', time === null ? '' : clock.format(time));
  if (time !== null) stamp.dateTime = time.toISOString();
  row.append(stamp, ...content);
  return row;
}
