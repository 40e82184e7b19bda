/**
 * The leader of a group: the first member that held the state when the leader before was gone (B3). The term is the number of the view that made it
 * so; like a fence, it grows with each leader.
 */
import { ElectionState, type GroupView, type Member } from '../core/index.ts';
import type { Block, Place } from './block.ts';

/** Who leads, and the term, which grows with each leader. */
export type Leadership = { readonly leader: Member; readonly term: number };

/** One leader of the group (B3): the first member that held the state when the leader before was gone. */
export class Election implements Block {
  readonly #onChange: (leadership: Leadership | null) => void;
  readonly #state = new ElectionState();
  #members: readonly Member[] = [];
  #isPrimary = true;
  #told: Leadership | null = null;

  /**
   * @param onChange is told of each new leader, and of the first when the group is joined; null when this process is cut off from the majority, or out
   * of the group: the others may have another leader then. What it throws ends the membership (`group-replica`)
   */
  constructor(onChange: (leadership: Leadership | null) => void = () => {}) {
    this.#onChange = onChange;
  }

  /** Null before the first view, in a minority, and out of the group. */
  get leadership(): Leadership | null {
    return this.#told;
  }

  /** @internal */
  attach(_place: Place | null): void {
    this.#state.clear();
    this.#members = [];
    this.#isPrimary = true;
    this.#tell();
  }

  /** @internal */
  primary(isPrimary: boolean): void {
    this.#isPrimary = isPrimary;
    this.#tell();
  }

  /** @internal */
  apply(): void {
    // Nobody says anything on this channel: leaders follow from views.
  }

  /** @internal */
  view(view: GroupView): void {
    this.#members = view.members;
    this.#state.view(view);
    this.#tell();
  }

  /** @internal */
  snapshot(): Iterable<Uint8Array> {
    return this.#state.snapshot();
  }

  /** @internal */
  restore(pieces: readonly Uint8Array[]): void {
    this.#state.restore(pieces);
  }

  #tell(): void {
    const { leader, term } = this.#state.reign ?? {};
    const member = this.#members.find(({ id }) => id === leader);
    const isKnown = this.#isPrimary && member !== undefined && term !== undefined;
    const next = isKnown ? { leader: member, term } : null;
    if (next?.term === this.#told?.term && next?.leader.id === this.#told?.leader.id) return;
    this.#told = next;
    this.#onChange(next);
  }
}
