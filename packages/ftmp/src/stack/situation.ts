/**
 * What agreement on the next configuration has to know of this processor: who takes part, what is held, which views may be installed
 * somewhere (`docs/design/ftmp.md`, "Agreement on the next configuration").
 */
import { compareViews, type ProcessorId, type ViewId } from '../ids.ts';
import type { Situation, Support } from '../pgmp/agreement.ts';
import { membersAfter, viewIdOf } from '../pgmp/changes.ts';
import { isQuorum } from '../pgmp/quorum.ts';
import type { Held } from '../rmp/held.ts';
import type { Stream } from '../rmp/stream.ts';
import { counterMax, type HeldMark, type Mark } from '../wire/index.ts';
import { lastUpTo } from './beginning.ts';
import type { View } from './effects.ts';
import type { GroupState } from './group-state.ts';

export class GroupSituation implements Situation {
  readonly #state: GroupState;
  readonly #isSuspected: (id: ProcessorId) => boolean;

  constructor(state: GroupState, isSuspected: (id: ProcessorId) => boolean) {
    this.#state = state;
    this.#isSuspected = isSuspected;
  }

  participants(): readonly ProcessorId[] {
    return rosterOf(this.#state)
      .filter((id) => !this.#isSuspected(id))
      .sort((one, other) => one - other);
  }

  withCauses(cut: readonly HeldMark[], participants: readonly ProcessorId[]): readonly Mark[] {
    const { rmp } = this.#state;
    // Who left by the order has said all that it had to say.
    const members = this.membersBehind(cut);
    const gone = cut.filter(
      ({ source }) => members.includes(source) && !participants.includes(source),
    );
    // Whoever sent a message had delivered everything up to its ack timestamp: all of that has to be here.
    const known = Math.min(...gone.map(({ heard }) => heard));
    return cut.map(({ source, sequence }) => {
      const stream = rmp.stream(source);
      let last = sequence;
      if (stream !== undefined && !participants.includes(source)) {
        while ((stream.at(last)?.ack ?? 0) > known) last -= 1;
      }
      return { source, sequence: last };
    });
  }

  /** All participants know them alike: what some have delivered is pending at others, and what some hold beyond the cut does not count. */
  membersBehind(cut: readonly Mark[]): readonly ProcessorId[] {
    let { members } = this.#state;
    for (const change of pendingChanges(this.#state, within(cut))) members = change.after;
    return members;
  }

  holds(cut: readonly Mark[]): boolean {
    const { rmp, now } = this.#state;
    let all = true;
    for (const { source, sequence } of cut) {
      const stream = rmp.stream(source);
      // Sources that left before this processor was added have no stream here, and their messages no place.
      if (stream === undefined || stream.contiguous >= sequence) continue;
      rmp.exists(stream, sequence, now);
      all = false;
    }
    return all;
  }

  isAstray(others: readonly Mark[]): boolean {
    const { isInstalled, rmp } = this.#state;
    if (isInstalled) return false;
    return others.some(({ source, sequence }) => sequence < (rmp.stream(source)?.base ?? 0));
  }

  support(acks: ReadonlyMap<ProcessorId, number>, from: ViewId): Support {
    let hasComeThere = false;
    for (const { id, members } of this.#installable(acks)) {
      hasComeThere = compareViews(id, from) >= 0;
      if (hasComeThere && !isQuorum(members, (member) => acks.has(member))) {
        return { kind: 'short', view: members };
      }
    }
    return { kind: hasComeThere ? 'enough' : 'behind' };
  }

  /** The present view, and those behind it that somebody may have installed, as far as it is up to these. */
  *#installable(acks: ReadonlyMap<ProcessorId, number>): Generator<Pick<View, 'id' | 'members'>> {
    const { view, members } = this.#state;
    yield { id: view, members };
    for (const { held, before, after } of pendingChanges(this.#state)) {
      // Nobody can have installed what one of them has not acknowledged.
      if (before.some((id) => (acks.get(id) ?? held.timestamp) < held.timestamp)) return;
      if (after !== before) yield { id: viewIdOf(held), members: after };
    }
  }

  /** How far each source of the configuration was received, and heard. */
  held(): readonly HeldMark[] {
    const { rmp, order, settled, clock, self } = this.#state;
    return [...rmp.streams.values()]
      .filter(({ source }) => !settled.has(source))
      .map((stream) => {
        const { source } = stream;
        const sequence = this.#last(stream);
        // Who has left has no lane any more, and nothing more to say: it is heard up to the end of all counters.
        const other = order.lane(source)?.heard ?? counterMax;
        return { source, sequence, heard: source === self ? clock.latest : other };
      });
  }

  /** What somebody said behind its RemoveProcessor does not count: who has installed that takes nothing more of it. */
  #last(stream: Stream): number {
    const { changes, retired } = this.#state;
    const removal = changes.find(
      ({ source, body }) =>
        body.type === 'removeProcessor' && source === stream.source && body.member === source,
    );
    if (removal !== undefined) return removal.sequence;
    return lastUpTo(stream, retired.get(stream.source) ?? Number.POSITIVE_INFINITY);
  }
}

/** All who are, or are about to be, members; this processor even when it has just left, since the others may not know. */
export function rosterOf(state: GroupState): readonly ProcessorId[] {
  const all = new Set([...state.members, state.self]);
  for (const { after } of pendingChanges(state)) for (const id of after) all.add(id);
  return [...all];
}

/** Whether a message belongs to a configuration that ends with this cut. */
export function within(cut: readonly Mark[]): (message: Mark) => boolean {
  const last = new Map(cut.map(({ source, sequence }) => [source, sequence]));
  return ({ source, sequence }) => sequence <= (last.get(source) ?? -1);
}

type PendingChange = {
  readonly held: Held;
  /** The same list as `after` when it changes nothing. */
  readonly before: readonly ProcessorId[];
  readonly after: readonly ProcessorId[];
};

/** Goes through the changes of membership that are held, not delivered, and belong, in their order, from the present members on. */
function* pendingChanges(
  { changes, members }: GroupState,
  belongs: (held: Held) => boolean = () => true,
): Generator<PendingChange> {
  let before = members;
  const inOrder = changes
    .filter(belongs)
    .sort((one, other) => compareViews(viewIdOf(one), viewIdOf(other)));
  for (const held of inOrder) {
    const after = membersAfter(before, held);
    yield { held, before, after };
    before = after;
  }
}
