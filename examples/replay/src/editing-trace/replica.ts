/**
 * One author's copy of the document: a Yjs document that contains exactly what the author's next
 * transaction has seen. Updates of others that arrive early are held until a transaction has seen
 * them; by T3 of `trace.ts` that order always exists.
 */
import * as Y from 'yjs';
import type { Trace, Transaction } from './trace.ts';

/** What Yjs calls an update that changes nothing. */
const emptyUpdate = Uint8Array.of(0, 0);

export class Replica {
  readonly #document = new Y.Doc();
  readonly #text = this.#document.getText('text');
  readonly #author: number;
  /** Updates of each author that are not in the document yet, in that author's order. */
  readonly #held: Uint8Array[][];
  /** How many transactions of each author are in the document. */
  readonly #contained: number[];
  readonly #wide: boolean;
  #made: Uint8Array = emptyUpdate;

  constructor(author: number, { authors, wide }: Trace) {
    this.#author = author;
    this.#wide = wide;
    // Where two authors wrote at one place at a time, Yjs puts the lower id first. The recording has
    // such a place, though it says otherwise, and in its text the lower author comes first.
    this.#document.clientID = author + 1;
    this.#held = Array.from({ length: authors }, () => []);
    this.#contained = new Array<number>(authors).fill(0);
    this.#document.on('update', (update: Uint8Array) => {
      this.#made = update;
    });
  }

  /** An update of another author; those of one author arrive in that author's order. */
  receive(author: number, update: Uint8Array): void {
    if (author !== this.#author) this.#held[author]?.push(update);
  }

  /** Whether everything that the transaction has seen has been received. */
  canMake({ seen }: Transaction): boolean {
    return seen.every((count, author) => this.#known(author) >= count);
  }

  /** Makes the transaction; the result is the Yjs update that brings it to others. */
  make({ seen, patches }: Transaction): Uint8Array {
    for (const [author, count] of seen.entries()) this.#take(author, count);
    this.#made = emptyUpdate;
    this.#document.transact(() => {
      for (const [at, deleted, inserted] of patches) this.#patch(at, deleted, inserted);
    });
    this.#contained[this.#author] = (this.#contained[this.#author] ?? 0) + 1;
    return this.#made;
  }

  /** The text with everything that was received. */
  finish(): string {
    for (const held of this.#held) {
      for (const update of held.splice(0)) Y.applyUpdate(this.#document, update);
    }
    return this.#text.toString();
  }

  #known(author: number): number {
    return (this.#contained[author] ?? 0) + (this.#held[author]?.length ?? 0);
  }

  #take(author: number, count: number): void {
    const contained = this.#contained[author] ?? 0;
    if (author === this.#author) return;
    const updates = this.#held[author]?.splice(0, count - contained) ?? [];
    for (const update of updates) Y.applyUpdate(this.#document, update);
    this.#contained[author] = contained + updates.length;
  }

  #patch(at: number, deleted: number, inserted: string): void {
    const [start, end] = this.#units(at, at + deleted);
    if (end > start) this.#text.delete(start, end - start);
    if (inserted !== '') this.#text.insert(start, inserted);
  }

  /** Yjs counts UTF-16 units, the trace code points; they differ only with surrogate pairs. */
  #units(from: number, to: number): readonly [number, number] {
    if (this.#text.length < to) throw new Error(`the document ends before position ${to}`);
    if (!this.#wide) return [from, to];
    const points = [...this.#text.toString()];
    const start = points.slice(0, from).join('').length;
    return [start, start + points.slice(from, to).join('').length];
  }
}
