/**
 * How often one processor is told something by who does not know it. What is meant for a stranger goes where its Join, or its datagrams,
 * say that it is, which anybody can forge: so nobody is sent more for that than this.
 */
import type { ProcessorId } from '../ids.ts';

/** One processor is told this often at most, in milliseconds. */
const tellMs = 100;
/** Processors whose times are kept; of more the one that was told first is forgotten. */
const toldMax = 256;

export class Telling {
  readonly #toldAt = new Map<ProcessorId, number>();

  /** Whether this processor may be told something now; if so, it counts as told. */
  may(id: ProcessorId, now: number): boolean {
    if (now - (this.#toldAt.get(id) ?? Number.NEGATIVE_INFINITY) < tellMs) return false;
    this.#toldAt.delete(id);
    const [first] = this.#toldAt.keys();
    if (this.#toldAt.size >= toldMax && first !== undefined) this.#toldAt.delete(first);
    this.#toldAt.set(id, now);
    return true;
  }
}
