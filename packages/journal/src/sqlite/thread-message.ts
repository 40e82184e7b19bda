/** What crosses between the driver and its worker thread. */
import type { JournalFailure, JournalOpened } from '../contract.ts';
import type { Closing, SpaceSize } from '../journal.ts';
import type { Flat } from './flat.ts';

export type ToWorker =
  /** Requests of one turn of the main loop (request-message.ts). */
  | { readonly kind: 'requests'; readonly flat: Flat }
  /** A copy of everything into this directory; answered by `backed-up`. */
  | { readonly kind: 'backup'; readonly directory: string }
  /** How much each space holds; answered by `weighed`. */
  | { readonly kind: 'weigh' }
  /** After this nothing follows. */
  | { readonly kind: 'close'; readonly how: Closing };

export type FromWorker =
  | { readonly kind: 'opened'; readonly opened: JournalOpened }
  /** Nothing was opened; the thread ends. */
  | { readonly kind: 'refused'; readonly failure: JournalFailure }
  /** Answers to the oldest unanswered requests, in their order (reply-message.ts). */
  | { readonly kind: 'replies'; readonly flat: Flat }
  | { readonly kind: 'weighed'; readonly sizes: ReadonlyMap<number, SpaceSize> | null }
  | { readonly kind: 'backed-up'; readonly failure: JournalFailure | null }
  /** The answer to every request not yet answered; the thread ends. */
  | { readonly kind: 'failed'; readonly failure: JournalFailure };

export type WorkerSettings = { readonly directory: string };
