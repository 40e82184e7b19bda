/**
 * Where the others point. A pointer that has not moved for a while is gone, and so is that of somebody who
 * is no member. It knows no page.
 */
import { type Point, type Pointer, parsePointer } from './pointer.ts';

/** A pointer without news is shown for so long. */
export const shownMs = 6_000;
/** Of so many clients at most: more could not be told apart. */
const pointersMax = 64;

type Known = Pointer & { readonly until: number };

export class Pointers {
  readonly #known = new Map<string, Known>();

  /** Takes up what a client sent; false when that is no pointer. */
  receive(sender: string, data: Uint8Array, now: number): boolean {
    const pointer = parsePointer(data);
    if (pointer === null) return false;
    if (pointer.at === null) this.#known.delete(sender);
    else if (this.#known.has(sender) || this.#known.size < pointersMax) {
      this.#known.set(sender, { ...pointer, until: now + shownMs });
    }
    return true;
  }

  forget(sender: string): void {
    this.#known.delete(sender);
  }

  clear(): void {
    this.#known.clear();
  }

  /** Those to be shown, by client. */
  shown(now: number): readonly (readonly [string, Point])[] {
    this.#expire(now);
    return [...this.#known].flatMap(([sender, { at }]) => (at === null ? [] : [[sender, at]]));
  }

  /** Where its holder drags this shape to; null: nowhere. */
  dragged(object: string, holder: string, now: number): Point | null {
    this.#expire(now);
    const drags = this.#known.get(holder)?.drags;
    return drags?.object === object ? drags.to : null;
  }

  /** When the next one is gone; null: there is none. */
  get nextExpiry(): number | null {
    let next: number | null = null;
    for (const { until } of this.#known.values()) next = Math.min(next ?? until, until);
    return next;
  }

  #expire(now: number): void {
    for (const [sender, { until }] of this.#known) if (until <= now) this.#known.delete(sender);
  }
}
