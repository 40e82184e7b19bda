/**
 * Suspicions of all members, and what follows from them: conviction, and which end of a broken link is dropped.
 *
 * A suspicion that stays without conviction is a link that works one way, or not at all, between processors that others
 * still hear. Then the end with more broken links goes, of equals the lower-ranked; all members judge alike by the same reports.
 */
import type { ProcessorId } from '../ids.ts';
import { isQuorum } from './quorum.ts';

type Link = { readonly ends: readonly [ProcessorId, ProcessorId]; since: number };

const nobody: ReadonlySet<ProcessorId> = new Set();

export class Reports {
  readonly #by = new Map<ProcessorId, ReadonlySet<ProcessorId>>();
  readonly #links = new Map<string, Link>();

  /** What `reporter` suspects now; replaces what it said before. */
  report(reporter: ProcessorId, suspects: Iterable<ProcessorId>): void {
    const set = new Set(suspects);
    if (set.size > 0) this.#by.set(reporter, set);
    else this.#by.delete(reporter);
  }

  /** Nobody suspects anybody. */
  get isEmpty(): boolean {
    return this.#by.size === 0 && this.#links.size === 0;
  }

  forget(): void {
    this.#by.clear();
    this.#links.clear();
  }

  of(reporter: ProcessorId): ReadonlySet<ProcessorId> {
    return this.#by.get(reporter) ?? nobody;
  }

  /** Those of `members` whom a quorum of `view` suspects. */
  convicted(view: readonly ProcessorId[], members: readonly ProcessorId[]): readonly ProcessorId[] {
    return members.filter((one) => isQuorum(view, (by) => by !== one && this.of(by).has(one)));
  }

  /**
   * Those to be dropped because of links that have been broken for `patienceMs`.
   *
   * @param members those who are heard and not convicted, highest rank first
   */
  accused(
    members: readonly ProcessorId[],
    patienceMs: number,
    now: number,
  ): ReadonlySet<ProcessorId> {
    this.#observe(members, now);
    const degree = new Map<ProcessorId, number>();
    for (const { ends } of this.#links.values()) {
      for (const end of ends) degree.set(end, (degree.get(end) ?? 0) + 1);
    }
    const accused = new Set<ProcessorId>();
    for (const { ends, since } of this.#links.values()) {
      if (now - since < patienceMs) continue;
      accused.add(worse(ends, degree, members));
    }
    return accused;
  }

  #observe(members: readonly ProcessorId[], now: number): void {
    const broken = new Set<string>();
    for (const [reporter, suspects] of this.#by) {
      if (!members.includes(reporter)) continue;
      for (const suspect of suspects) {
        if (!members.includes(suspect) || suspect === reporter) continue;
        const ends = [Math.min(reporter, suspect), Math.max(reporter, suspect)] as [
          ProcessorId,
          ProcessorId,
        ];
        const key = ends.join(' ');
        broken.add(key);
        if (!this.#links.has(key)) this.#links.set(key, { ends, since: now });
      }
    }
    for (const key of this.#links.keys()) if (!broken.has(key)) this.#links.delete(key);
  }
}

function worse(
  [one, other]: readonly [ProcessorId, ProcessorId],
  degree: ReadonlyMap<ProcessorId, number>,
  members: readonly ProcessorId[],
): ProcessorId {
  const more = (degree.get(one) ?? 0) - (degree.get(other) ?? 0);
  if (more !== 0) return more > 0 ? one : other;
  return members.indexOf(one) > members.indexOf(other) ? one : other;
}
