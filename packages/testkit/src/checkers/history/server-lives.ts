/** The lives of a server, and how much time it had: time in which it ran and its disk worked. */
import type { RecordOf } from '../vocabulary.ts';

type LifeRecord = RecordOf<'opened' | 'stopped' | 'paused' | 'unpaused' | 'failed'>;

type Stretch = { readonly from: number; to: number };

export class ServerLives {
  readonly opened: RecordOf<'opened'>[] = [];
  readonly #able: Stretch[] = [];
  #open: Stretch | null = null;
  #server = '';

  see(record: LifeRecord): void {
    if (record.kind === 'opened') {
      this.opened.push(record);
      this.#server = record.node;
      this.#begin(record.t);
    } else if (record.node === this.#server) {
      if (record.kind === 'unpaused') this.#begin(record.t);
      else this.#end(record.t);
    }
  }

  /** When the server that ran at `t` was opened. */
  openedBefore(t: number): number {
    return this.opened.findLast((opened) => opened.t <= t)?.t ?? 0;
  }

  /** How long a server was able to act between two times. */
  ableMs(from: number, to: number): number {
    let sum = 0;
    for (const stretch of this.#able) {
      sum += Math.max(0, Math.min(to, stretch.to) - Math.max(from, stretch.from));
    }
    return sum;
  }

  #begin(t: number): void {
    this.#end(t);
    this.#open = { from: t, to: Number.POSITIVE_INFINITY };
    this.#able.push(this.#open);
  }

  #end(t: number): void {
    if (this.#open !== null) this.#open.to = t;
    this.#open = null;
  }
}
