/**
 * The windows of one session: how many submissions of each chain (one per group name) are in the
 * ordering, and which came last. It judges only what is certain before ordering; the service decides.
 */
import { type GroupName, type LocalId, limits, type Submission } from '@choir/protocol';
import type { Lack } from './capabilities.ts';

type Chain = { inFlight: number; last: number };
/** A submission that was refused for want of a right; for its client it is settled. */
type Denied = { readonly localId: LocalId; readonly lack: Lack };

/** Groups in which denials are remembered. */
const deniedMax = 1_024;

/**
 * `repeats`: it may have taken effect before, so that only the ordering can answer it. `resend`: it
 * follows neither the mark nor what is in flight, so that ordering it would be idle.
 */
export type Fit = 'follows' | 'repeats' | 'window' | 'resend';

export class Chains {
  readonly #byGroup = new Map<GroupName, Chain>();
  readonly #denied = new Map<GroupName, Denied>();

  /** `mark` is asked for when nothing of the chain is in flight. */
  fit({ group, localId, previous }: Submission, mark: () => number): Fit {
    const chain = this.#byGroup.get(group);
    if (chain !== undefined && chain.inFlight >= limits.sendWindow) return 'window';
    const last = chain?.last ?? mark();
    if (localId <= last) return 'repeats';
    return previous === last ? 'follows' : 'resend';
  }

  /** A repetition of what lies below the mark moves nothing: the next one follows the mark. */
  sent({ group, localId }: Submission, mark: () => number): void {
    const chain = this.#byGroup.get(group);
    if (chain === undefined) {
      this.#byGroup.set(group, { inFlight: 1, last: Math.max(localId, mark()) });
      return;
    }
    chain.inFlight += 1;
    chain.last = Math.max(chain.last, localId);
  }

  /** The session is told that this is not granted. */
  deny({ group, localId }: Submission, lack: Lack): void {
    this.#denied.delete(group);
    this.#denied.set(group, { localId, lack });
    const [oldest] = this.#denied.keys();
    if (this.#denied.size > deniedMax && oldest !== undefined) this.#denied.delete(oldest);
  }

  /**
   * What the session was told of this submission, or of one that came after it: a second copy was under
   * way, and newer credentials must not let it take effect. Null: nothing.
   */
  denied({ group, localId }: Submission): Lack | null {
    const denied = this.#denied.get(group);
    return denied !== undefined && localId <= denied.localId ? denied.lack : null;
  }

  settled(group: GroupName): void {
    const chain = this.#byGroup.get(group);
    if (chain === undefined) return;
    chain.inFlight -= 1;
    if (chain.inFlight === 0) this.#byGroup.delete(group);
  }
}
