/**
 * The leader of a group: the first member that held the state when the leader before was gone (B3). The term is the number of the view that made it
 * so; like a fence, it grows with each leader.
 */
import { Reader, Writer } from '@choir/bytes';
import type { ProcessorId } from '@choir/ftmp';
import { type GroupView, type Member, readProcessor } from '../core/index.ts';
import type { Block, Place } from './block.ts';

export type Leadership = { readonly leader: Member; readonly term: number };

type Reign = { readonly leader: ProcessorId; readonly term: number };

const none = 0;

export class Election implements Block {
  readonly #onChange: (leadership: Leadership | null) => void;
  #reign: Reign | null = null;
  #members: readonly Member[] = [];
  #isPrimary = true;
  #told: Leadership | null = null;

  /**
   * @param onChange is told of each new leader, and of the first when the group is joined; null when this process is cut off from the majority, or out
   * of the group: the others may have another leader then
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
    this.#reign = null;
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
  view({ number, members, holders }: GroupView): void {
    this.#members = members;
    const reign = this.#reign;
    if (reign === null || !members.some(({ id }) => id === reign.leader)) {
      const [leader] = [...holders, ...members];
      this.#reign = leader === undefined ? null : { leader: leader.id, term: number };
    }
    this.#tell();
  }

  /** @internal */
  snapshot(): Iterable<Uint8Array> {
    const writer = new Writer();
    writer.natural(this.#reign?.leader ?? none);
    writer.natural(this.#reign?.term ?? none);
    return [writer.take()];
  }

  /** @internal */
  restore([piece = new Uint8Array()]: readonly Uint8Array[]): void {
    const reader = new Reader(piece);
    const [leader, term] = [readProcessor(reader), reader.natural()];
    if (reader.failed || reader.remaining > 0) throw new Error('This is no leader.');
    this.#reign = { leader, term };
  }

  #tell(): void {
    const { leader, term } = this.#reign ?? {};
    const member = this.#members.find(({ id }) => id === leader);
    const isKnown = this.#isPrimary && member !== undefined && term !== undefined;
    const next = isKnown ? { leader: member, term } : null;
    if (next?.term === this.#told?.term && next?.leader.id === this.#told?.leader.id) return;
    this.#told = next;
    this.#onChange(next);
  }
}
