/**
 * The replicas of a member, and what becomes of their errors: one that throws may differ from the others' from then on, so its member cannot stay. What they
 * throw when they give or take a state ends nothing, and is dealt with elsewhere (`state-handover.ts`).
 */
import type { Block } from '../blocks/block.ts';
import { type GroupView, type Member, Replicas } from '../core/index.ts';
import { GroupError } from '../group-error.ts';
import { brokenError, replicaError } from './endings.ts';
import { noState, type State } from './observer.ts';
import { placeOf, type Surroundings } from './place.ts';

type Replicated = Readonly<Record<string, Block>>;

export type MemberReplicasOptions = {
  /** Of the group. */
  readonly name: string;
  readonly replicas: Replicated;
  readonly observer: boolean;
};

export class MemberReplicas {
  /** What they are together. */
  readonly state: State;
  readonly #name: string;
  readonly #blocks: Replicated;
  readonly #onFailure: (error: GroupError) => void;

  /** @param onFailure is told what a replica threw; not of their states */
  constructor(
    { name, replicas, observer }: MemberReplicasOptions,
    onFailure: (error: GroupError) => void,
  ) {
    this.#name = name;
    this.#onFailure = onFailure;
    this.#blocks = guardedReplicas(name, replicas);
    this.state = observer ? noState : new Replicas(this.#blocks);
  }

  /** They are in the group, as of this incarnation. */
  place(surroundings: Omit<Surroundings, 'channel' | 'isSafe'>): void {
    for (const [channel, block] of Object.entries(this.#blocks)) {
      const isSafe = block.safe === true;
      this.#guard(() => block.attach?.(placeOf({ ...surroundings, channel, isSafe }), null));
    }
  }

  /** The group is over. */
  over(error: GroupError): void {
    for (const block of Object.values(this.#blocks)) {
      this.#guard(() => block.attach?.(null, error));
    }
  }

  primary(isPrimary: boolean): void {
    for (const block of Object.values(this.#blocks)) this.#guard(() => block.primary?.(isPrimary));
  }

  view(view: GroupView): void {
    this.#guard(() => this.state.view(view));
  }

  apply(channel: string, from: Member, bytes: Uint8Array): void {
    this.#guard(() => this.state.apply(channel, from, bytes));
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#onFailure(error instanceof GroupError ? error : brokenError(this.#name, error));
    }
  }
}

/** The same replicas, whose errors name the channel. */
function guardedReplicas(group: string, replicas: Replicated): Replicated {
  const guarded = Object.entries(replicas).map(
    ([channel, block]) => [channel, guardedReplica(block, { group, channel })] as const,
  );
  return Object.fromEntries(guarded);
}

function guardedReplica(
  block: Block,
  place: { readonly group: string; readonly channel: string },
): Block {
  const guard = (act: () => void): void => {
    try {
      act();
    } catch (cause) {
      throw replicaError(place, cause);
    }
  };
  return {
    safe: block.safe === true,
    apply: (from, bytes) => guard(() => block.apply(from, bytes)),
    view: (view) => guard(() => block.view?.(view)),
    attach: (at, over) => guard(() => block.attach?.(at, over)),
    primary: (isPrimary) => guard(() => block.primary?.(isPrimary)),
    snapshot: () => block.snapshot(),
    restore: (pieces) => block.restore(pieces),
  };
}
