/** A check of a server, which names the clauses that it is for. */
import type { Rendering } from './peer.ts';
import type { Stage } from './stage.ts';

export type Case = {
  readonly clauses: readonly string[];
  /** The rule, as a sentence without its full stop. */
  readonly title: string;
  /** Only these; else both. */
  readonly renderings?: readonly Rendering[];
  /** Runs only where the server asks for credentials and the suite was given a token, or only where not. */
  readonly credentials?: 'needed' | 'absent';
  /** Throws what is wrong. */
  readonly run: (stage: Stage) => Promise<void>;
};
