/**
 * A way through the deliveries of one group for one reader: from the tail where that reaches back, else
 * from pages of rows. It holds one page at most.
 */
import type { Delivered } from './delivered.ts';
import type { GroupStream } from './group-stream.ts';
import type { Page, PageTaker, RowReader } from './row-reader.ts';
import type { Session } from './session.ts';

/** Deliveries after a position, complete up to `knownTo`. */
export type Sight = { readonly items: readonly Delivered[]; readonly knownTo: number };

/** Deliveries looked at in one go. */
const sightMax = 1_024;

export class Lane implements PageTaker {
  readonly #session: Session;
  readonly #stream: GroupStream;
  #page: Page | null = null;
  #asked = false;

  constructor(session: Session, stream: GroupStream) {
    this.#session = session;
    this.#stream = stream;
  }

  get gone(): boolean {
    return this.#session.ended;
  }

  /** What is known after a position, up to another; nothing new when `knownTo` is `after`. */
  sight(after: number, upTo: number): Sight {
    if (this.#stream.tail.start <= after) {
      this.#page = null;
      return cut(this.#stream.tail.between(after, upTo, sightMax), upTo);
    }
    const page = this.#page;
    if (page === null || page.upTo <= after) return { items: [], knownTo: after };
    const items = page.items.filter(({ seq }) => seq > after && seq <= upTo);
    return { items, knownTo: Math.min(page.upTo, upTo) };
  }

  /** Asks for rows after a position. What is above the tail's start may not be among them yet. */
  ask(reader: RowReader, after: number, most: { upTo: number; maxBytes: number }): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#page = null;
    const upTo = Math.min(most.upTo, this.#stream.tail.start);
    reader.range(this.#stream.id, { after, upTo, maxBytes: most.maxBytes }, this);
  }

  take(page: Page): void {
    this.#asked = false;
    this.#page = page;
    this.#session.wake();
  }
}

function cut(items: readonly Delivered[], upTo: number): Sight {
  const last = items.at(-1);
  const whole = last === undefined || items.length < sightMax;
  return { items, knownTo: whole ? upTo : last.seq };
}
