/**
 * How often something is told. What is meant for a stranger goes where its Join, or its datagrams, say that it is, which anybody can
 * forge: so nobody is sent more for that than this.
 */

/** Things whose times are kept; of more the one that was told first is forgotten. */
const toldMax = 256;

export class Telling<What> {
  readonly #everyMs: number;
  readonly #toldAt = new Map<What, number>();

  /** @param everyMs the same is told this often at most, in milliseconds */
  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Whether this may be told now; if so, it counts as told. */
  may(what: What, now: number): boolean {
    if (now - (this.#toldAt.get(what) ?? Number.NEGATIVE_INFINITY) < this.#everyMs) return false;
    this.#toldAt.delete(what);
    const [first] = this.#toldAt.keys();
    if (this.#toldAt.size >= toldMax && first !== undefined) this.#toldAt.delete(first);
    this.#toldAt.set(what, now);
    return true;
  }
}
