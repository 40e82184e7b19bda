/**
 * Reading what is older than memory: pages that were asked of the journal, until their reader comes
 * for them.
 *
 * Boundary: decides what to ask; asking, and decoding what comes, is the owner's.
 *
 * Invariants:
 * U1 At most `pagesMax` pages are kept or on their way; a reader that finds no place waits.
 * U2 A page is given once. While it is read the next is already on its way.
 */
import type { Ordered } from '../contract.ts';

export const pagesMax = 4;

export type PageRequest = { readonly after: number; readonly maxBytes: number };

/** `entries` is null while the journal is reading them. */
type Page = PageRequest & { entries: readonly Ordered[] | null };

export class CatchUp {
  readonly #pages = new Map<number, Page>();
  readonly #requests: PageRequest[] = [];

  /**
   * The entries after `after`, or null: they are asked for, or as soon as there is room. `until` is
   * where memory takes over: beyond it there is no reading ahead.
   */
  read(wanted: PageRequest, until: number): readonly Ordered[] | null {
    const { after, maxBytes } = wanted;
    const page = this.#pages.get(after);
    if (page === undefined) {
      this.#ask(wanted);
      return null;
    }
    if (page.entries === null) return null;
    this.#pages.delete(after);
    const last = page.entries.at(-1)?.at.seq ?? after;
    // There is room: this page has just left.
    if (last + 1 < until) this.#ask({ after: last, maxBytes });
    return page.entries;
  }

  /** What to ask of the journal, in this order. */
  takeRequests(): readonly PageRequest[] {
    return this.#requests.splice(0);
  }

  /** The journal's answer to a request that was taken. */
  fill({ after }: PageRequest, entries: readonly Ordered[]): void {
    const page = this.#pages.get(after);
    if (page !== undefined) page.entries = entries;
  }

  #ask(page: PageRequest): void {
    if (this.#pages.has(page.after)) return;
    if (this.#pages.size >= pagesMax && !this.#makeRoom()) return;
    this.#pages.set(page.after, { ...page, entries: null });
    this.#requests.push(page);
  }

  /** Gives up the oldest page that nobody came for. */
  #makeRoom(): boolean {
    for (const [after, page] of this.#pages) {
      if (page.entries === null) continue;
      this.#pages.delete(after);
      return true;
    }
    return false;
  }
}
