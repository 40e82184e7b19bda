/**
 * Agreement on what a configuration ends with: single-decree Paxos in rounds, without a leader, carried by Membership
 * messages (paper 7.2; `docs/design/ftmp.md`, "Agreement on the next configuration").
 *
 * A1 A processor proposes once in a round, and its rounds only rise. A proposal promises to accept in no lower round.
 * A2 The value of a round is a function of the proposals of all its members; what was accepted in the highest round
 *    before is inherited.
 * A3 A value is accepted only by who holds all that the members of the round hold (P4), and only if they are a quorum.
 * A4 It is decided when all participants of its round have accepted it, or when somebody says that it was.
 *
 * Boundary: says what to do next (`step`); sending, fetching and installing are the caller's.
 */
import { compareViews, noView, type ProcessorId, type ViewId } from '../ids.ts';
import type { Acceptance, HeldMark, Mark, Membership, Successor } from '../wire/index.ts';

/** The counters of the message that a proposal came in. */
export type Counters = { readonly timestamp: number; readonly ack: number };

type Proposal = {
  readonly round: number;
  readonly participants: readonly ProcessorId[];
  readonly view: ViewId;
  readonly held: readonly HeldMark[];
  readonly accepted: Acceptance | null;
  readonly timestamp: number;
  readonly ack: number;
};

/**
 * Whether the participants of a round are enough to go on: a quorum of every view that may be installed somewhere. Those are the newest that one of
 * them has installed, and the ones behind it, as long as each change was acknowledged by all of them who had to.
 */
export type Support =
  | { readonly kind: 'enough' }
  /** They are no quorum of these, the members of the first such view. */
  | { readonly kind: 'short'; readonly view: readonly ProcessorId[] }
  /** This processor has not come to the newest view, and cannot tell. */
  | { readonly kind: 'behind' };

/** What agreement asks of its surroundings. */
export type Situation = {
  /**
   * Who should agree, in the order of their ids: all of the configuration, as far as they are known, that are not suspected;
   * also those who are about to leave.
   */
  participants(): readonly ProcessorId[];
  /**
   * The cut without what would come without its causes: of those who are not participants, the messages that depend on others
   * which nobody here has. Everything up to the marks is held.
   */
  withCauses(cut: readonly HeldMark[], participants: readonly ProcessorId[]): readonly Mark[];
  /** The members behind the cut, of those who go on and of the others, highest rank first. */
  membersBehind(cut: readonly Mark[]): readonly ProcessorId[];
  /** Whether everything up to these marks is held; what is missing is asked for. */
  holds(cut: readonly Mark[]): boolean;
  /** Whether this is a joiner, and lacks what lies before its beginning, which of these marks of the others none comes up to. */
  isAstray(others: readonly Mark[]): boolean;
  /**
   * @param acks the participants, and what each has acknowledged
   * @param from the newest view that one of them has installed
   */
  support(acks: ReadonlyMap<ProcessorId, number>, from: ViewId): Support;
};

type Shortage = {
  readonly participants: readonly ProcessorId[];
  readonly view: readonly ProcessorId[];
};

export type Step =
  | {
      readonly kind: 'propose';
      readonly round: number;
      readonly participants: readonly ProcessorId[];
    }
  | { readonly kind: 'accept'; readonly acceptance: Acceptance }
  | { readonly kind: 'install'; readonly acceptance: Acceptance }
  /** The participants of the round are no quorum of this view. */
  | ({ readonly kind: 'blocked' } & Shortage)
  /** Whether they are a quorum this processor cannot tell. */
  | { readonly kind: 'behind' }
  /** Nobody could ever hold all that this processor's proposal says is held. */
  | { readonly kind: 'astray' }
  /** All of them are about to leave: without these nobody would be left. */
  | ({ readonly kind: 'deserted' } & Shortage)
  | { readonly kind: 'wait' };

const wait: Step = { kind: 'wait' };

export class Agreement {
  readonly #self: ProcessorId;
  readonly #proposals = new Map<ProcessorId, Proposal>();
  /** The round in which a processor said that it is ready. */
  readonly #ready = new Map<ProcessorId, number>();
  #highest = 0;
  #accepted: Acceptance | null = null;
  #decided: Acceptance | null = null;

  constructor(self: ProcessorId) {
    this.#self = self;
  }

  /** This processor has proposed, or has to: it is bound (P3). */
  get isRunning(): boolean {
    return this.#highest > 0 || this.#decided !== null;
  }

  get round(): number {
    return this.#proposals.get(this.#self)?.round ?? 0;
  }

  /** What this processor accepted last; goes with its proposals. */
  get accepted(): Acceptance | null {
    return this.#accepted;
  }

  /** The participants that this processor proposed last. */
  get proposed(): readonly ProcessorId[] {
    return this.#proposals.get(this.#self)?.participants ?? [];
  }

  /** A processor has to be removed: a first round is called for. */
  start(): void {
    this.#highest = Math.max(1, this.#highest);
  }

  /** A Membership message of this configuration, also this processor's own. */
  heard(from: ProcessorId, body: Membership, told: Counters): void {
    const { round, phase, accepted } = body;
    if (phase === 'installed') {
      this.#decided ??= accepted;
      return;
    }
    this.#highest = Math.max(this.#highest, round);
    if (round < (this.#proposals.get(from)?.round ?? 0)) return;
    if (phase === 'ready') {
      this.#ready.set(from, round);
      if (from === this.#self) this.#accepted = accepted;
      return;
    }
    const { proposed: participants, view, held } = body;
    this.#proposals.set(from, { round, participants, view, held, accepted, ...told });
  }

  step(situation: Situation): Step {
    if (this.#decided !== null) return this.#install(this.#decided, situation);
    const participants = situation.participants();
    const mine = this.#proposals.get(this.#self);
    if (mine === undefined || mine.round < this.#highest) {
      return { kind: 'propose', round: this.#highest, participants };
    }
    if (!isSame(mine.participants, participants)) {
      return { kind: 'propose', round: this.#highest + 1, participants };
    }
    const proposals = this.#complete(mine);
    if (proposals === null) return wait;
    const others = proposals.filter((proposal) => proposal !== mine);
    if (situation.isAstray(cutOf(others))) return { kind: 'astray' };
    const cut = cutOf(proposals);
    // Fetched messages may add somebody: then the next step proposes again.
    if (!situation.holds(cut)) return wait;
    if (!isSame(mine.participants, situation.participants())) return this.step(situation);
    if (this.#ready.get(this.#self) !== mine.round) {
      const support = situation.support(acksOf(mine, proposals), latestView(proposals));
      if (support.kind === 'behind') return support;
      if (support.kind === 'short') return { kind: 'blocked', participants, view: support.view };
      const successor = inherited(proposals) ?? this.#newSuccessor(proposals, cut, situation);
      // All participants are about to leave: the group is for those who are away, and waits for one of them.
      if (successor.members.length === 0) {
        return { kind: 'deserted', participants, view: situation.membersBehind(cut) };
      }
      return { kind: 'accept', acceptance: { round: mine.round, successor } };
    }
    for (const id of mine.participants) if (this.#ready.get(id) !== mine.round) return wait;
    this.#decided = this.#accepted;
    return this.#decided === null ? wait : this.#install(this.#decided, situation);
  }

  #newSuccessor(
    proposals: readonly Proposal[],
    held: readonly HeldMark[],
    situation: Situation,
  ): Successor {
    const timestamp = Math.max(...proposals.map((proposal) => proposal.timestamp));
    const cut = situation.withCauses(held, this.proposed);
    const members = situation.membersBehind(cut).filter((id) => this.proposed.includes(id));
    return { members, cut, timestamp };
  }

  #install(acceptance: Acceptance, situation: Situation): Step {
    const { members, cut } = acceptance.successor;
    if (members.includes(this.#self) && !situation.holds(cut)) return wait;
    return { kind: 'install', acceptance };
  }

  /** The proposals of all members of this processor's round, if they all propose the same. */
  #complete(mine: Proposal): readonly Proposal[] | null {
    const proposals: Proposal[] = [];
    for (const id of mine.participants) {
      const proposal = this.#proposals.get(id);
      if (proposal?.round !== mine.round || !isSame(proposal.participants, mine.participants))
        return null;
      proposals.push(proposal);
    }
    return proposals;
  }
}

function isSame(one: readonly ProcessorId[], other: readonly ProcessorId[]): boolean {
  return one.length === other.length && one.every((id, at) => id === other[at]);
}

/** The most that anyone holds of each source, and has heard of it. */
function cutOf(proposals: readonly Proposal[]): readonly HeldMark[] {
  const most = new Map<ProcessorId, HeldMark>();
  for (const { held } of proposals) {
    for (const mark of held) {
      const { source } = mark;
      const known = most.get(source) ?? mark;
      const sequence = Math.max(mark.sequence, known.sequence);
      most.set(source, { source, sequence, heard: Math.max(mark.heard, known.heard) });
    }
  }
  return [...most.values()].sort((one, other) => one.source - other.source);
}

function acksOf(
  { participants }: Proposal,
  proposals: readonly Proposal[],
): ReadonlyMap<ProcessorId, number> {
  return new Map(participants.map((id, at) => [id, proposals[at]?.ack ?? 0]));
}

function latestView(proposals: readonly Proposal[]): ViewId {
  let latest = noView;
  for (const { view } of proposals) if (compareViews(view, latest) > 0) latest = view;
  return latest;
}

function inherited(proposals: readonly Proposal[]): Successor | null {
  let latest: Acceptance | null = null;
  for (const { accepted } of proposals) {
    if (accepted !== null && accepted.round > (latest?.round ?? 0)) latest = accepted;
  }
  return latest?.successor ?? null;
}
