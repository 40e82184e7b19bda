/**
 * Reads of rows from the journal, for what is no longer in memory. Those who ask for the same while it
 * is being read share one read, and so do its results; only a few reads are under way at a time.
 */
import type { JournalReply, JournalRequest, JournalRow } from '@choir/journal';
import type { GroupId } from '@choir/protocol';
import { Delivered } from './delivered.ts';
import { Queue } from './queue.ts';

/** Deliveries of a group with `after < seq <= upTo`: all of them, or those that were asked for. */
export type Page = {
  readonly after: number;
  readonly upTo: number;
  readonly items: readonly Delivered[];
};

export interface PageTaker {
  /** Nobody waits for the page any more. */
  readonly gone: boolean;
  take(page: Page): void;
}

type ReadRequest = Extract<JournalRequest, { kind: 'read-rows' | 'read-rows-at' }>;
type Read = { readonly key: string; readonly request: ReadRequest; readonly takers: PageTaker[] };

export class RowReader {
  readonly #readsMax: number;
  readonly #byKey = new Map<string, Read>();
  readonly #waiting = new Queue<Read>();
  readonly #underWay = new Queue<Read>();

  constructor(readsMax: number) {
    this.#readsMax = readsMax;
  }

  /** Asks for the rows after `after` up to `upTo`, or for the first of them. */
  range(
    space: GroupId,
    range: { readonly after: number; readonly upTo: number; readonly maxBytes: number },
    taker: PageTaker,
  ): void {
    // Reads that differ only in their end and size are one: the page tells how far it goes.
    this.#ask(`${space}>${range.after}`, { kind: 'read-rows', space, ...range }, taker);
  }

  /** Asks for the rows at these positions (at most 1,024), ascending, or for the first of them. */
  at(
    space: GroupId,
    wanted: { readonly seqs: readonly number[]; readonly maxBytes: number },
    taker: PageTaker,
  ): void {
    const request = { kind: 'read-rows-at', space, ...wanted } as const;
    this.#ask(`${space}@${wanted.seqs.join()}`, request, taker);
  }

  /** The next read for the journal; null when none is to be issued now. */
  next(): JournalRequest | null {
    while (this.#underWay.length < this.#readsMax) {
      const read = this.#waiting.shift();
      if (read === undefined) return null;
      if (read.takers.every((taker) => taker.gone)) {
        this.#byKey.delete(read.key);
        continue;
      }
      this.#underWay.push(read);
      return read.request;
    }
    return null;
  }

  /** The journal's answer to the oldest read under way. */
  replied(reply: Extract<JournalReply, { kind: 'rows' }>): void {
    const read = this.#underWay.shift();
    if (read === undefined) throw new Error('Rows came that nobody had asked for.');
    this.#byKey.delete(read.key);
    const page = pageOf(read.request, reply);
    for (const taker of read.takers) {
      if (!taker.gone) taker.take(page);
    }
  }

  #ask(key: string, request: ReadRequest, taker: PageTaker): void {
    const known = this.#byKey.get(key);
    if (known !== undefined) {
      known.takers.push(taker);
      return;
    }
    const read = { key, request, takers: [taker] };
    this.#byKey.set(key, read);
    this.#waiting.push(read);
  }
}

function pageOf(
  request: ReadRequest,
  { rows, done }: { readonly rows: readonly JournalRow[]; readonly done: boolean },
): Page {
  const items = rows.map(({ bytes }) => Delivered.ofRow(bytes));
  if (request.kind === 'read-rows-at') {
    // Each of these positions has a row, so those that came are the first ones.
    const isMissing = rows.some(({ seq }, index) => seq !== request.seqs[index]);
    if (isMissing || (done && rows.length < request.seqs.length)) {
      throw new Error('A row that state refers to is missing.');
    }
    return { after: 0, upTo: rows.at(-1)?.seq ?? 0, items };
  }
  const last = rows.at(-1)?.seq ?? request.after;
  return { after: request.after, upTo: done ? request.upTo : last, items };
}
