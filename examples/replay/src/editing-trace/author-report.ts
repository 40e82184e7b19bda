/** What an author process tells the one that started it. */
import type { ReceptionReport } from './reception.ts';

export type AuthorTask = {
  readonly file: string;
  readonly author: number;
  readonly server: string;
  readonly group: string;
  /** Transactions a second, of all authors together. */
  readonly speed: number | undefined;
  readonly dropClients: boolean;
};

export type AuthorMessage =
  /** The group is joined; waits for `go`. */
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'progress';
      readonly sent: number;
      readonly received: number;
      readonly cuts: number;
    }
  | { readonly kind: 'done'; readonly report: AuthorReport };

export type AuthorReport = ReceptionReport & {
  readonly author: number;
  /** The author's own copy, which made its transactions, agrees with what was received. */
  readonly replicaAgrees: boolean;
  readonly rejoins: number;
  readonly missed: number;
  readonly duplicates: number;
  readonly cuts: number;
};
