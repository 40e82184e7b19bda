/** The handle of an opened journal: the contract's messages as a call with a callback. */
import type { JournalFailure, JournalOpened, JournalReply, JournalRequest } from './contract.ts';

/** What a space holds: its rows, and their bytes. */
export type SpaceSize = { readonly rows: number; readonly bytes: number };

export type Journal = {
  /**
   * Issues a request. `reply` is called exactly once, in the order of the requests, never before
   * this returns. The bytes are copied before this returns; those of a reply are views into one
   * buffer per batch, so whoever keeps a few of them for long should copy them.
   *
   * Nothing limits how many requests are open: the owner bounds what it has in flight.
   */
  request(request: JournalRequest, reply: (reply: JournalReply) => void): void;
  /** Hands over at once what was requested, which else happens at the end of the turn of the loop. */
  flush(): void;
  /**
   * Writes a consistent copy into another directory, which is made or has to be empty; requests go on
   * meanwhile. One at a time. Null when it is complete; a failure leaves the journal as well as it was.
   */
  backup(directory: string): Promise<JournalFailure | null>;
  /** How much each space holds, counted while requests go on; null when that cannot be known. */
  sizes(): Promise<ReadonlyMap<number, SpaceSize> | null>;
  /**
   * Answers what is open, marks the journal as cleanly closed and lets go of the directory.
   * Requests from now on are answered `CLOSED`. The first call counts.
   */
  close(how?: Closing): Promise<void>;
};

/** `unfinished`: without the mark, for an owner that has not come to write in this life (default: in order). */
export type Closing = 'in-order' | 'unfinished';

export type JournalOpenResult =
  | { readonly ok: true; readonly opened: JournalOpened; readonly journal: Journal }
  | { readonly ok: false; readonly failure: JournalFailure };
