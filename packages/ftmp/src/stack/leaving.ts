/** How a member goes: by a RemoveProcessor behind all that it was given to send, and then, for a while, as one who answers still. */
import type { GroupState } from './group-state.ts';

export class Leaving {
  readonly #state: GroupState;
  #lingerUntil = Number.POSITIVE_INFINITY;

  constructor(state: GroupState) {
    this.#state = state;
  }

  run(): void {
    const state = this.#state;
    if (state.standing === 'leaving' && this.#mayGo()) {
      state.originate({ type: 'removeProcessor', member: state.self });
    }
    if (state.standing !== 'left') return;
    if (this.#lingerUntil === Number.POSITIVE_INFINITY) {
      this.#lingerUntil = state.now + state.surroundings.settings.lingerMs;
    }
    if (state.now >= this.#lingerUntil) state.standing = 'out';
  }

  #mayGo(): boolean {
    const { isFrozen, outgoing, changes, self } = this.#state;
    if (isFrozen || this.#state.isBarred() || outgoing.length > 0) return false;
    const goes = changes.some(
      ({ body }) => body.type === 'removeProcessor' && body.member === self,
    );
    return !goes && !this.#mayHaveToRestart();
  }

  /** Whether a piece of its own is not delivered: where a processor is added before that, the message has to be sent once more (E2). */
  #mayHaveToRestart(): boolean {
    const { delivery, order, self } = this.#state;
    const undelivered = [...delivery.waiting.all(), ...(order.lane(self)?.waiting.all() ?? [])];
    return undelivered.some(
      ({ source, body }) =>
        source === self &&
        body.type === 'regular' &&
        body.parts.some(({ first, last }) => !first || !last),
    );
  }
}
