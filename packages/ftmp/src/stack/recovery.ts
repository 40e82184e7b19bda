/**
 * From one configuration to the next: agreement conducted, its outcome installed.
 */
import { compareViews, noView, type ProcessorId, type ViewId } from '../ids.ts';
import { Agreement, type Counters } from '../pgmp/agreement.ts';
import type { ProtocolEvent } from '../trace.ts';
import type { Acceptance, BodyOf, Successor } from '../wire/index.ts';
import { Doubts } from './doubts.ts';
import type { GroupState } from './group-state.ts';
import type { Ordering } from './ordering.ts';
import { GroupSituation, rosterOf, within } from './situation.ts';

type Early = {
  readonly from: ProcessorId;
  readonly body: BodyOf<'suspect'> | BodyOf<'membership'>;
  readonly told: Counters;
};

const checkMs = 10;
/** Who is about to leave waits so long for somebody who stays. */
const leaverPatienceMs = 2_000;
const earlyMax = 1_024;

export class Recovery {
  readonly doubts: Doubts;
  readonly #state: GroupState;
  readonly #ordering: Ordering;
  readonly #situation: GroupSituation;
  #agreement: Agreement;
  /** Messages of configurations that this processor has not come to. */
  #early: Early[] = [];
  #checkAt = 0;
  /** The last round of which it was told that it cannot go on. */
  #toldOf = 0;
  /** Since when nobody is heard who stays. */
  #desertedAt: number | null = null;
  /** The configuration has ended, and this processor with it. */
  #isOver = false;

  constructor(state: GroupState, ordering: Ordering) {
    this.#state = state;
    this.#ordering = ordering;
    this.doubts = new Doubts(state);
    this.#situation = new GroupSituation(state, (id) => this.doubts.suspects.has(id));
    this.#agreement = new Agreement(state.self);
  }

  /** While nobody doubts anybody, there is nothing to weigh before somebody has been silent for long enough. */
  get due(): number {
    if (this.#agreement.isRunning || this.doubts.isUneasy) return this.#checkAt;
    return Math.max(this.#checkAt, this.#state.suspicion.earliest);
  }

  suspectHeard(from: ProcessorId, body: BodyOf<'suspect'>, told: Counters): void {
    if (!this.#isHere({ from, body, told }, body.view)) return;
    this.doubts.reportHeard(from, body.suspects);
    this.#checkAt = 0;
  }

  membershipHeard(from: ProcessorId, body: BodyOf<'membership'>, told: Counters): void {
    if (!this.#isHere({ from, body, told }, body.configuration)) return;
    this.#freeze();
    this.#agreement.heard(from, body, told);
  }

  run(): void {
    const { now } = this.#state;
    if (now >= this.#checkAt) {
      this.#checkAt = now + checkMs;
      const isAgreeing = this.#agreement.isRunning;
      if (this.doubts.weigh(isAgreeing) && !isAgreeing) {
        this.#freeze();
        this.#agreement.start();
      }
    }
    if (this.#agreement.isRunning && !this.#isOver) this.#agree();
  }

  /** Whether this message is of the configuration that this processor is in; kept when it is of a later one. */
  #isHere(message: Early, configuration: ViewId): boolean {
    const later = compareViews(configuration, this.#state.configuration);
    if (later > 0) this.#keep(message);
    return later === 0;
  }

  #keep(message: Early): void {
    if (this.#early.length < earlyMax) this.#early.push(message);
    else this.#state.counts.droppedMemberships += 1;
  }

  #freeze(): void {
    const state = this.#state;
    // What waits now may belong to a later configuration: nothing is ordered any more, not even what could be.
    state.frozenAck ??= state.ack();
  }

  #agree(): void {
    const state = this.#state;
    const { surroundings, id: group, configuration } = state;
    for (;;) {
      const step = this.#agreement.step(this.#situation);
      if (step.kind === 'wait') return;
      if (step.kind === 'behind') {
        this.#tellOnce({ kind: 'behind', group });
        return;
      }
      if (step.kind === 'blocked' || step.kind === 'deserted') {
        const { participants: members, view } = step;
        this.#tellOnce({ kind: 'short', group, members, view });
        if (step.kind === 'deserted') this.#waitForOthers();
        return;
      }
      this.#desertedAt = null;
      if (step.kind === 'astray') {
        // The others would wait for that; it can come anew.
        state.exclude();
        return;
      }
      if (step.kind === 'install') {
        const { acceptance } = step;
        surroundings.observe({ kind: 'decided', group, configuration, acceptance });
        this.#install(acceptance);
        return;
      }
      if (step.kind === 'propose') {
        const { round, participants } = step;
        surroundings.observe({ kind: 'proposed', group, round, members: participants });
        this.#send('propose', round, participants, this.#agreement.accepted);
      } else {
        const { acceptance } = step;
        surroundings.observe({ kind: 'accepted', group, configuration, acceptance });
        this.#send('ready', acceptance.round, this.#agreement.proposed, acceptance);
      }
    }
  }

  /** It is about to leave, like all whom it hears. Those who are away may be dead. */
  #waitForOthers(): void {
    const { now } = this.#state;
    this.#desertedAt ??= now;
    if (now - this.#desertedAt >= leaverPatienceMs) this.#state.exclude();
  }

  /** Why the participants cannot go on: told once a round, for whoever looks after the group. */
  #tellOnce(why: ProtocolEvent): void {
    const { round } = this.#agreement;
    if (round === this.#toldOf) return;
    this.#toldOf = round;
    this.#state.surroundings.observe(why);
  }

  #send(
    phase: 'propose' | 'ready' | 'installed',
    round: number,
    proposed: readonly ProcessorId[],
    accepted: Acceptance | null,
    configuration: ViewId = this.#state.configuration,
  ): void {
    const { isInstalled, view, members } = this.#state;
    const held = this.#situation.held();
    const place = { view: isInstalled ? view : noView, configuration, members };
    this.#state.originate({
      type: 'membership',
      ...place,
      held,
      proposed,
      round,
      phase,
      accepted,
    });
  }

  /** The configuration ends with this successor. */
  #install(acceptance: Acceptance): void {
    const state = this.#state;
    const { successor } = acceptance;
    if (!successor.members.includes(state.self)) {
      this.#end(successor);
      return;
    }
    for (const who of rosterOf(state)) {
      if (successor.members.includes(who)) continue;
      state.surroundings.observe({ kind: 'convicted', group: state.id, who });
    }
    const ended = state.configuration;
    // A quorum has decided, for this processor, too.
    state.primacy.judge(true);
    this.#ordering.finish(within(successor.cut));
    this.#begin(successor);
    this.#send('installed', acceptance.round, successor.members, acceptance, ended);
    const early = this.#early;
    this.#early = [];
    for (const { from, body, told } of early) {
      if (body.type === 'suspect') this.suspectHeard(from, body, told);
      else this.membershipHeard(from, body, told);
    }
  }

  /**
   * This processor does not go on. Who was about to leave is given the end of the configuration, unless it has ordered what the
   * others do not know: its end would be another (P2).
   */
  #end({ cut }: Successor): void {
    const state = this.#state;
    const belongs = within(cut);
    const isAlike = state.order.ordered().every(belongs) && this.#situation.holds(cut);
    if (state.standing === 'leaving' && isAlike) {
      state.primacy.judge(true);
      this.#ordering.finish(belongs);
    }
    this.#isOver = true;
    // It stays frozen: who does not know of this end must not take it for something acknowledged or installed in the configuration (P3).
    state.exclude();
  }

  /** Everyone who is known and not in the new configuration, nor about to be added to it. */
  #gone(members: readonly ProcessorId[]): readonly ProcessorId[] {
    const { changes, rmp, retired } = this.#state;
    for (let at = changes.length - 1; at >= 0; at -= 1) {
      const held = changes[at];
      if (held !== undefined && !members.includes(held.source)) changes.splice(at, 1);
    }
    const awaited = changes.flatMap(({ body }) =>
      body.type === 'addProcessor' ? [body.newMember.id] : [],
    );
    const stays = [...members, ...awaited, ...retired.keys()];
    return [...rmp.streams.keys()].filter((source) => !stays.includes(source));
  }

  #begin({ members, timestamp }: Successor): void {
    const state = this.#state;
    const { suspicion, now, clock } = state;
    const [first] = members;
    const id: ViewId = { timestamp, processor: first ?? state.self };
    const before = state.members;
    const transitional = members.filter((member) => before.includes(member));
    const gone = this.#gone(members);
    for (const source of gone) state.depart(source, id, true);
    for (const source of state.retired.keys()) state.settled.add(source);
    clock.observe(timestamp);
    for (const member of members) {
      if (member === state.self) continue;
      suspicion.watch(member, now);
    }
    state.begin(id, { view: id, members });
    this.#agreement = new Agreement(state.self);
    this.#toldOf = 0;
    this.doubts.begin(gone);
    this.#checkAt = 0;
    this.#ordering.install({ id, members, cause: 'fault', transitional });
  }
}
