/**
 * The host's use of the journal: requests of the ordering, rows, and reads of rows, in one line, whose
 * answers find their way back.
 */
import type { JournalReply, JournalRequest } from '@choir/journal';
import type { LocalOrdering } from '@choir/ordering';
import { Queue } from './queue.ts';
import type { RowReader } from './row-reader.ts';
import type { RowStore } from './row-store.ts';

/** Whom a reply is for. */
type Expected =
  | { readonly owner: 'ordering'; readonly storedTo: number | null }
  | { readonly owner: 'rows'; readonly storedTo: number }
  | { readonly owner: 'reader' };

type Parts = {
  readonly ordering: LocalOrdering;
  readonly rows: RowStore;
  readonly reader: RowReader;
};

export class JournalLink {
  readonly #parts: Parts;
  readonly #expected = new Queue<Expected>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Requests that are not answered yet. */
  get open(): number {
    return this.#expected.length;
  }

  takeRequests(now: number, wallMs: number): readonly JournalRequest[] {
    const { ordering, rows, reader } = this.#parts;
    const requests: JournalRequest[] = [];
    let storing = rows.isDue(now);
    if (storing) ordering.appliedTo(rows.applied);
    for (const request of ordering.takeRequests(wallMs)) {
      const rides = storing && request.kind === 'commit';
      requests.push(rides ? { ...request, ...rows.take() } : request);
      this.#expected.push({ owner: 'ordering', storedTo: rides ? rows.applied : null });
      if (rides) storing = false;
    }
    if (storing) {
      requests.push({ kind: 'commit', entries: [], ...rows.take() });
      this.#expected.push({ owner: 'rows', storedTo: rows.applied });
    }
    for (let read = reader.next(); read !== null; read = reader.next()) {
      requests.push(read);
      this.#expected.push({ owner: 'reader' });
    }
    return requests;
  }

  /** Gives an answer to whoever asked. A `failed` is for all and not given here. */
  replied(reply: Exclude<JournalReply, { kind: 'failed' }>): void {
    const expected = this.#expected.shift();
    if (expected === undefined) throw new Error('The journal answered without being asked.');
    const { ordering, rows, reader } = this.#parts;
    if (expected.owner === 'ordering') ordering.handle(reply);
    if (expected.owner === 'reader') {
      if (reply.kind !== 'rows') throw new Error(`"${reply.kind}" in answer to a read of rows.`);
      reader.replied(reply);
    } else if (expected.storedTo !== null) {
      rows.stored(expected.storedTo);
    }
  }
}
