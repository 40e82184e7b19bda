/** Writes down what one member, or the world, does. */
import type { Trace } from '@choir/testkit';
import type { Records } from './vocabulary.ts';

export class Recorder {
  readonly #trace: Trace;
  readonly #now: () => number;
  readonly node: string;
  readonly #seen: Set<string>;

  /** @param surroundings `seen`: what occurred, for the shares that are reported */
  constructor(
    node: string,
    surroundings: {
      readonly trace: Trace;
      readonly seen: Set<string>;
      readonly now: () => number;
    },
  ) {
    this.node = node;
    this.#trace = surroundings.trace;
    this.#seen = surroundings.seen;
    this.#now = surroundings.now;
  }

  record<Kind extends keyof Records>(kind: Kind, fields: Records[Kind]): void {
    this.#trace.record({ t: this.#now(), node: this.node, kind, ...fields });
  }

  saw(what: string): void {
    this.#seen.add(what);
  }
}
