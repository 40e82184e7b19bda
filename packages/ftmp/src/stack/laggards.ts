/**
 * Members that are alive and hold the others up: *slow* ones have not acknowledged for long what is ordered elsewhere, *stalled* ones
 * say that their application does not progress. They are reported, and excluded if that is the policy: every member sees the same
 * acknowledgements, so they come to the same judgement.
 */
import type { ProcessorId } from '../ids.ts';
import type { Doubts } from './doubts.ts';
import type { GroupState } from './group-state.ts';

type Lag = { ack: number; since: number; isSlow: boolean; stalledSince: number | null };

/** How often members are looked at, in milliseconds. */
const lookMs = 250;

export class Laggards {
  readonly #state: GroupState;
  readonly #doubts: Doubts;
  readonly #lags = new Map<ProcessorId, Lag>();
  #lookAt = 0;

  constructor(state: GroupState, doubts: Doubts) {
    this.#state = state;
    this.#doubts = doubts;
  }

  /** A member says whether its application progresses. */
  progressHeard(id: ProcessorId, isStalled: boolean): void {
    const { now, id: group } = this.#state;
    const lag = this.#lagOf(id);
    if ((lag.stalledSince !== null) === isStalled) return;
    lag.stalledSince = isStalled ? now : null;
    this.#state.emit({ kind: 'stalled', group, processor: id, is: isStalled });
  }

  run(): void {
    const { now, members, order, isInstalled, isFrozen, self } = this.#state;
    if (now < this.#lookAt || !isInstalled || isFrozen) return;
    this.#lookAt = now + lookMs;
    for (const id of this.#lags.keys()) if (!members.includes(id)) this.#lags.delete(id);
    for (const id of members) {
      const lane = id === self ? undefined : order.lane(id);
      if (lane !== undefined) this.#judge(id, lane.ack);
    }
  }

  #judge(id: ProcessorId, ack: number): void {
    const { now, order, id: group, surroundings } = this.#state;
    const { slowMs, slowPolicy } = surroundings.settings;
    const lag = this.#lagOf(id);
    if (ack > lag.ack || order.last <= ack) {
      lag.ack = ack;
      lag.since = now;
    }
    const isSlow = now - lag.since >= slowMs;
    if (isSlow !== lag.isSlow) {
      lag.isSlow = isSlow;
      this.#state.emit({ kind: 'slow', group, processor: id, is: isSlow });
    }
    const isStuck = lag.stalledSince !== null && now - lag.stalledSince >= slowMs;
    if (slowPolicy === 'exclude' && (isSlow || isStuck)) this.#doubts.condemn(id);
  }

  #lagOf(id: ProcessorId): Lag {
    let lag = this.#lags.get(id);
    if (lag === undefined) {
      lag = { ack: 0, since: this.#state.now, isSlow: false, stalledSince: null };
      this.#lags.set(id, lag);
    }
    return lag;
  }
}
