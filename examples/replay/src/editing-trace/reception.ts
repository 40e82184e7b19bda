/** What one participant received of the document: the text, and the proof that it is all of it. */
import { createHash, type Hash } from 'node:crypto';
import * as Y from 'yjs';
import type { Trace, Transaction } from './trace.ts';
import { decodeFrame } from './update-frame.ts';

export type ReceptionReport = {
  readonly updates: number;
  /** Transactions that came twice, out of their author's order, or from nowhere. */
  readonly misplaced: number;
  /** Digest of (global id, transaction, bytes) in the order of arrival: equal at all for one order. */
  readonly order: string;
  readonly text: string;
};

export class Reception {
  readonly #document = new Y.Doc();
  readonly #trace: Trace;
  readonly #next: number[];
  readonly #order: Hash = createHash('sha256');
  #updates = 0;
  #misplaced = 0;

  constructor(trace: Trace) {
    this.#trace = trace;
    this.#next = new Array<number>(trace.authors).fill(0);
  }

  /** Takes one update as it came; returns the transaction that it brought, when it is in its place. */
  take(
    globalId: number,
    data: Uint8Array,
  ): { transaction: Transaction; update: Uint8Array } | null {
    const { index, update } = decodeFrame(data);
    this.#order.update(`${globalId} `).update(data);
    this.#updates += 1;
    Y.applyUpdate(this.#document, update);
    const transaction = this.#trace.transactions[index];
    const expected = transaction && this.#next[transaction.author];
    if (transaction === undefined || transaction.seen[transaction.author] !== expected) {
      this.#misplaced += 1;
      return null;
    }
    this.#next[transaction.author] = (expected ?? 0) + 1;
    return { transaction, update };
  }

  get updates(): number {
    return this.#updates;
  }

  get complete(): boolean {
    return this.#updates >= this.#trace.transactions.length;
  }

  report(): ReceptionReport {
    return {
      updates: this.#updates,
      misplaced: this.#misplaced,
      order: this.#order.copy().digest('hex').slice(0, 16),
      text: this.#document.getText('text').toString(),
    };
  }
}
