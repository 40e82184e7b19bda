/**
 * What is for one member, who lacks the state, and not for all: it is not in the state, whenever it came. So it is kept from the first marker on, at
 * which the member joined, and given to it behind its first view (M2, Q2).
 */
import type { ProcessorId } from '@choir/ftmp';
import { keptBytesMax } from './limits.ts';
import { isFor } from './message.ts';
import { type Ordered, orderedBytes } from './ordered.ts';

export class Addressed {
  readonly #self: ProcessorId;
  readonly #kept: Ordered[] = [];
  #bytes = 0;

  constructor(self: ProcessorId) {
    this.#self = self;
  }

  /** In their order. */
  get kept(): readonly Ordered[] {
    return this.#kept;
  }

  /** What there is no room for is lost. @param ordered is kept as it is */
  keep(ordered: Ordered): void {
    if (ordered.kind === 'view') return;
    const { sender, message } = ordered;
    const isMine =
      (message.kind === 'direct' || message.kind === 'request') &&
      isFor(message.to, this.#self, sender);
    const bytes = orderedBytes(ordered);
    if (!isMine || this.#bytes + bytes > keptBytesMax) return;
    this.#bytes += bytes;
    this.#kept.push(ordered);
  }
}
