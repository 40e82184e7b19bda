/**
 * From silence to the next configuration: suspicions told and weighed, agreement conducted, its outcome installed.
 */
import { compareViews, noView, type ProcessorId, type ViewId } from '../ids.ts';
import { Agreement, type Counters, type Situation } from '../pgmp/agreement.ts';
import { membersAfter, viewIdOf } from '../pgmp/changes.ts';
import { isQuorum } from '../pgmp/quorum.ts';
import { Reports } from '../pgmp/reports.ts';
import type { Held } from '../rmp/held.ts';
import type { Acceptance, BodyOf, HeldMark, Mark, Successor } from '../wire/index.ts';
import type { GroupState } from './group-state.ts';
import type { Ordering } from './ordering.ts';

type Early = {
  readonly from: ProcessorId;
  readonly body: BodyOf<'suspect'> | BodyOf<'membership'>;
  readonly told: Counters;
};

const checkMs = 10;
const earlyMax = 1_024;

export class Recovery implements Situation {
  readonly #state: GroupState;
  readonly #ordering: Ordering;
  #agreement: Agreement;
  readonly #reports = new Reports();
  /** Those whom this processor does not hear; what it reports. */
  #silent: ReadonlySet<ProcessorId> = new Set();
  /** When a processor was last silent. */
  readonly #silentAt = new Map<ProcessorId, number>();
  /** Those, and whom the reports of all say to drop. */
  #suspects: ReadonlySet<ProcessorId> = new Set();
  /** Convicted in another group (paper 2: it is removed from all), or slow under the policy. */
  readonly #condemned = new Set<ProcessorId>();
  /** Messages of configurations that this processor has not come to. */
  #early: Early[] = [];
  #checkAt = 0;
  #isPrimary = true;

  constructor(state: GroupState, ordering: Ordering) {
    this.#state = state;
    this.#ordering = ordering;
    this.#agreement = new Agreement(state.self);
  }

  get suspects(): ReadonlySet<ProcessorId> {
    return this.#suspects;
  }

  get isPrimary(): boolean {
    return this.#isPrimary && this.#state.isInstalled;
  }

  get due(): number {
    return this.#checkAt;
  }

  /** This processor is to be removed, whatever is heard of it. */
  condemn(id: ProcessorId): void {
    if (id !== this.#state.self) this.#condemned.add(id);
  }

  suspectHeard(from: ProcessorId, body: BodyOf<'suspect'>, told: Counters): void {
    if (!this.#isHere({ from, body, told }, body.view)) return;
    this.#reports.report(from, body.suspects);
    this.#checkAt = 0;
    if (from !== this.#state.self) this.#showNewest(body.suspects);
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
      this.#weigh();
    }
    if (this.#agreement.isRunning) this.#agree();
  }

  participants(): readonly ProcessorId[] {
    return this.#roster()
      .filter((id) => !this.#suspects.has(id))
      .sort((one, other) => one - other);
  }

  withCauses(cut: readonly HeldMark[], participants: readonly ProcessorId[]): readonly Mark[] {
    const { rmp } = this.#state;
    const leaving = this.#pending().map(({ held: { body } }) =>
      body.type === 'removeProcessor' ? body.member : null,
    );
    const gone = cut.filter(
      ({ source }) => !participants.includes(source) && !leaving.includes(source),
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

  membersOf(participants: readonly ProcessorId[], cut: readonly Mark[]): readonly ProcessorId[] {
    const belongs = within(cut);
    let { members } = this.#state;
    for (const { held } of this.#pending())
      if (belongs(held)) members = membersAfter(members, held);
    return members.filter((id) => participants.includes(id));
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

  isQuorum(acks: ReadonlyMap<ProcessorId, number>, from: ViewId): boolean {
    const has = (id: ProcessorId): boolean => acks.has(id);
    let { members, view } = this.#state;
    if (compareViews(view, from) >= 0 && !isQuorum(members, has)) return false;
    for (const { held } of this.#pending()) {
      // Nobody can have installed what one of them has not acknowledged.
      if (members.some((id) => (acks.get(id) ?? held.timestamp) < held.timestamp)) break;
      const after = membersAfter(members, held);
      if (after === members) continue;
      members = after;
      view = viewIdOf(held);
      if (compareViews(view, from) >= 0 && !isQuorum(members, has)) return false;
    }
    return compareViews(view, from) >= 0;
  }

  /** Changes of membership that are held and not delivered, in their order. */
  #pending(): readonly { readonly held: Held }[] {
    return this.#state.changes
      .map((held) => ({ held }))
      .sort((one, other) => compareViews(viewIdOf(one.held), viewIdOf(other.held)));
  }

  /** Whether this message is of the configuration that this processor is in; kept when it is of a later one. */
  #isHere(message: Early, configuration: ViewId): boolean {
    const later = compareViews(configuration, this.#state.configuration);
    if (later > 0 && this.#early.length < earlyMax) this.#early.push(message);
    return later === 0;
  }

  /** Who is suspected now; tells the others when that has changed, and starts agreement when somebody has to go. */
  #weigh(): void {
    const state = this.#state;
    const { members, suspicion, now, self, isInstalled, surroundings } = state;
    if (this.#isCalm()) return;
    const roster = this.#roster();
    const silent = roster.filter((id) => id !== self && suspicion.isSilent(id, now));
    this.#tell(new Set([...silent, ...this.#staying(silent), ...this.#condemned]), roster);
    const patience = surroundings.settings.suspicionMinMs;
    const convicted = this.#reports.convicted(members, roster);
    // Only links between those who are still reckoned with tell anything.
    const heard = roster.filter((id) => !this.#silent.has(id) && !convicted.includes(id));
    const accused = this.#reports.accused(heard, patience, now);
    const condemned = new Set([...accused, ...convicted]);
    condemned.delete(self);
    this.#suspects = new Set([...this.#silent, ...condemned]);
    const remain = isQuorum(members, (id) => !this.#suspects.has(id));
    if (condemned.size > 0 && remain && isInstalled && !this.#agreement.isRunning) {
      this.#freeze();
      this.#agreement.start();
    }
    this.#judgePrimary(remain);
  }

  /** Nobody suspects anybody: there is nothing to weigh. */
  #isCalm(): boolean {
    const { suspicion, now } = this.#state;
    if (this.#suspects.size + this.#condemned.size > 0 || this.#agreement.isRunning) return false;
    return this.#reports.isEmpty && !suspicion.isAnySilent(now);
  }

  /** All who are, or are about to be, members. */
  #roster(): readonly ProcessorId[] {
    let { members } = this.#state;
    const all = new Set(members);
    for (const { held } of this.#pending()) {
      members = membersAfter(members, held);
      for (const id of members) all.add(id);
    }
    return [...all];
  }

  /** In recovery a suspicion stays until its object was heard for a while, lest the members change to and fro. */
  #staying(silent: readonly ProcessorId[]): readonly ProcessorId[] {
    const { now, surroundings } = this.#state;
    for (const id of silent) this.#silentAt.set(id, now);
    if (!this.#agreement.isRunning) return [];
    const staysMs = 2 * surroundings.settings.suspicionMinMs;
    return [...this.#silent].filter((id) => now - (this.#silentAt.get(id) ?? now) < staysMs);
  }

  /** Tells the others whom this processor does not hear, when that has changed. */
  #tell(suspects: Set<ProcessorId>, roster: readonly ProcessorId[]): void {
    for (const id of suspects) if (!roster.includes(id)) suspects.delete(id);
    if (isSame(suspects, this.#silent)) return;
    const state = this.#state;
    const { id: group, surroundings } = state;
    for (const who of suspects) {
      if (!this.#silent.has(who)) surroundings.observe({ kind: 'suspected', group, who });
    }
    for (const who of this.#silent) {
      if (!suspects.has(who)) surroundings.observe({ kind: 'trusted', group, who });
    }
    this.#silent = suspects;
    const body = { view: state.configuration, suspects: [...suspects] };
    state.originate({ type: 'suspect', ...body });
  }

  #judgePrimary(primary: boolean): void {
    const state = this.#state;
    if (!state.isInstalled || primary === this.#isPrimary) return;
    this.#isPrimary = primary;
    state.emit({ kind: 'primary', group: state.id, primary });
  }

  #freeze(): void {
    const state = this.#state;
    // What waits now may belong to a later configuration: nothing is ordered any more, not even what could be.
    state.frozenAck ??= state.ack();
  }

  #agree(): void {
    const state = this.#state;
    const { surroundings, id: group } = state;
    for (;;) {
      const step = this.#agreement.step(this);
      if (step.kind === 'wait' || step.kind === 'blocked') return;
      if (step.kind === 'install') {
        surroundings.observe({ kind: 'decided', group, acceptance: step.acceptance });
        this.#install(step.acceptance);
        return;
      }
      if (step.kind === 'propose') {
        const { round, participants } = step;
        surroundings.observe({ kind: 'proposed', group, round, members: participants });
        this.#send('propose', round, participants, this.#agreement.accepted);
      } else {
        surroundings.observe({ kind: 'accepted', group, acceptance: step.acceptance });
        const { round } = step.acceptance;
        this.#send('ready', round, this.#agreement.proposed, step.acceptance);
      }
    }
  }

  #send(
    phase: 'propose' | 'ready' | 'installed',
    round: number,
    proposed: readonly ProcessorId[],
    accepted: Acceptance | null,
    configuration: ViewId = this.#state.configuration,
  ): void {
    const { isInstalled, view, members } = this.#state;
    const held = this.#held();
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

  /** How far each source of the configuration was received, and heard. */
  #held(): readonly HeldMark[] {
    const { rmp, order, settled, clock, self } = this.#state;
    return [...rmp.streams.values()]
      .filter(({ source }) => !settled.has(source))
      .map(({ source, contiguous: sequence }) => {
        // Who has left has no lane any more, and nothing more to say.
        const other = order.lane(source)?.heard ?? Number.MAX_SAFE_INTEGER;
        return { source, sequence, heard: source === self ? clock.latest : other };
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
    for (const who of this.#roster()) {
      if (successor.members.includes(who)) continue;
      state.surroundings.observe({ kind: 'convicted', group: state.id, who });
    }
    const ended = state.configuration;
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

  /** Whoever does not hear another may not know what it has sent last: then it could not ask for it. */
  #showNewest(sources: readonly ProcessorId[]): void {
    const { rmp, self, sender } = this.#state;
    for (const source of sources) {
      const stream = source === self ? undefined : rmp.stream(source);
      const newest = stream?.at(stream.contiguous);
      if (newest !== undefined) sender.again(newest);
    }
  }

  /** This processor does not go on: it was about to leave, or is excluded. */
  #end(successor: Successor): void {
    const state = this.#state;
    if (state.standing === 'leaving' && this.holds(successor.cut)) {
      this.#ordering.finish(within(successor.cut));
    }
    state.frozenAck = null;
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
    const { order, suspicion, now, clock } = state;
    const [first] = members;
    const id: ViewId = { timestamp, processor: first ?? state.self };
    const before = state.members;
    const transitional = members.filter((member) => before.includes(member));
    const gone = this.#gone(members);
    for (const source of gone) state.depart(source, timestamp, true);
    for (const source of state.retired.keys()) state.settled.add(source);
    clock.observe(timestamp);
    for (const member of members) {
      if (member === state.self) continue;
      suspicion.watch(member, now);
    }
    order.setMembers(members);
    state.orderedView = id;
    state.configuration = id;
    state.installedElsewhere = noView;
    state.frozenAck = null;
    this.#agreement = new Agreement(state.self);
    this.#reports.forget();
    this.#suspects = new Set();
    this.#silent = new Set();
    this.#silentAt.clear();
    for (const source of gone) this.#condemned.delete(source);
    this.#isPrimary = true;
    this.#checkAt = 0;
    this.#ordering.install({ id, members, cause: 'fault', transitional });
  }
}

function within(cut: readonly Mark[]): (held: Held) => boolean {
  const last = new Map(cut.map(({ source, sequence }) => [source, sequence]));
  return ({ source, sequence }) => sequence <= (last.get(source) ?? -1);
}

function isSame(one: ReadonlySet<ProcessorId>, other: ReadonlySet<ProcessorId>): boolean {
  return one.size === other.size && [...one].every((id) => other.has(id));
}
