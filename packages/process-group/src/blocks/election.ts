/**
 * The leader of a group: the first member of its view (B3). The term is the number of the view that made it so; like a fence, it grows with
 * each leader.
 */
import { Reader, Writer } from '@choir/bytes';
import type { GroupView, Member } from '../core/index.ts';
import type { Block } from './block.ts';

export type Leadership = { readonly leader: Member; readonly term: number };

export class Election implements Block {
  readonly #onChange: (leadership: Leadership) => void;
  #leadership: Leadership | null = null;
  /** From the state, until the view that comes with it. */
  #term: number | null = null;

  /** @param onChange is told of each new leader, and of the first when the group is joined */
  constructor(onChange: (leadership: Leadership) => void = () => {}) {
    this.#onChange = onChange;
  }

  /** Null before the first view. */
  get leadership(): Leadership | null {
    return this.#leadership;
  }

  /** @internal */
  apply(): void {
    // Nobody says anything on this channel: leaders follow from views.
  }

  /** @internal */
  view({ number, members }: GroupView): void {
    const [leader] = members;
    if (leader === undefined || leader.id === this.#leadership?.leader.id) return;
    this.#leadership = { leader, term: this.#term ?? number };
    this.#term = null;
    this.#onChange(this.#leadership);
  }

  /** @internal */
  snapshot(): Iterable<Uint8Array> {
    const writer = new Writer();
    writer.natural(this.#leadership?.term ?? 0);
    return [writer.take()];
  }

  /** @internal */
  restore([piece = new Uint8Array()]: readonly Uint8Array[]): void {
    const reader = new Reader(piece);
    const term = reader.natural();
    if (reader.failed || reader.remaining > 0) throw new Error('This is no term.');
    this.#term = term;
    this.#leadership = null;
  }
}
