/**
 * Whether this processor's side is a quorum of its view, as far as it knows, and what its application is given meanwhile.
 *
 * P6 Who was told that its side is none is given nothing until it is told that it is one again. It may come to order more: the lookaheads of
 *    those whom it does not hear reach far (T5, T6). But they may go on without it, and never have that.
 */
import type { GroupId } from '../ids.ts';
import type { Effect, EffectOf } from './effects.ts';

type Delivery = EffectOf<'deliver' | 'suppressed'>;

export class Primacy {
  readonly #group: GroupId;
  readonly #emit: (effect: Effect) => void;
  #isPrimary = true;
  readonly #withheld: Delivery[] = [];

  constructor(group: GroupId, emit: (effect: Effect) => void) {
    this.#group = group;
    this.#emit = emit;
  }

  get isPrimary(): boolean {
    return this.#isPrimary;
  }

  /** The members that are not suspected are a quorum, or not; or what comes next in the order shows that the group has gone on with this processor. */
  judge(primary: boolean): void {
    if (primary === this.#isPrimary) return;
    this.#isPrimary = primary;
    this.#emit({ kind: 'primary', group: this.#group, primary });
    for (const effect of this.#withheld.splice(0)) this.#emit(effect);
  }

  /** Tells the application, now or when it is in a primary view again. */
  tell(effect: Delivery): void {
    if (this.#isPrimary) this.#emit(effect);
    // The bytes are a view of a datagram, which may be given back before they are told (R5).
    else this.#withheld.push({ ...effect, bytes: effect.bytes.slice() });
  }
}
