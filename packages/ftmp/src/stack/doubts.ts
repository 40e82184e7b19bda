/**
 * Who is suspected: those whom this processor does not hear, and those whom the reports of all say to drop. Reports are told to the
 * others when they change.
 */
import type { ProcessorId } from '../ids.ts';
import { isQuorum } from '../pgmp/quorum.ts';
import { Reports } from '../pgmp/reports.ts';
import type { GroupState } from './group-state.ts';
import { rosterOf } from './situation.ts';

export class Doubts {
  readonly #state: GroupState;
  readonly #reports = new Reports();
  /** Those whom this processor does not hear; what it reports. */
  #silent: ReadonlySet<ProcessorId> = new Set();
  /** Who was there when that was reported last. */
  #told: ReadonlySet<ProcessorId> = new Set();
  /** When a processor was last silent. */
  readonly #silentAt = new Map<ProcessorId, number>();
  /** Those, and whom the reports of all say to drop. */
  #suspects: ReadonlySet<ProcessorId> = new Set();
  /** Convicted in another group (paper 2: it is removed from all), or slow under the policy. */
  readonly #condemned = new Set<ProcessorId>();
  /** Who has said, since it was suspected last, that it goes on in this configuration. */
  readonly #together = new Set<ProcessorId>();

  constructor(state: GroupState) {
    this.#state = state;
  }

  get suspects(): ReadonlySet<ProcessorId> {
    return this.#suspects;
  }

  /** The others are a quorum of the view. */
  get isPrimary(): boolean {
    return this.#state.primacy.isPrimary && this.#state.isInstalled;
  }

  /** Somebody is suspected, or was reported, or has to go; or it has not turned out yet that all go on together. */
  get isUneasy(): boolean {
    if (!this.#state.primacy.isPrimary) return true;
    return this.#suspects.size + this.#condemned.size > 0 || !this.#reports.isEmpty;
  }

  /** This processor is to be removed, whatever is heard of it. */
  condemn(id: ProcessorId): void {
    if (id !== this.#state.self && rosterOf(this.#state).includes(id)) this.#condemned.add(id);
  }

  reportHeard(from: ProcessorId, suspects: readonly ProcessorId[]): void {
    this.#reports.report(from, suspects);
  }

  /** A member said that it is in this configuration, and agrees on no end of it. */
  goesOn(member: ProcessorId): void {
    this.#together.add(member);
  }

  /** A member said that it does not hear another. */
  isUnheardBy(member: ProcessorId, id: ProcessorId): boolean {
    return this.#reports.of(member).has(id);
  }

  /** A new configuration begins, without these. */
  begin(gone: readonly ProcessorId[]): void {
    this.#reports.forget();
    this.#suspects = new Set();
    this.#silent = new Set();
    this.#silentAt.clear();
    this.#together.clear();
    this.#state.rmp.unheard(this.#suspects, this.#state.now);
    for (const source of gone) this.#condemned.delete(source);
  }

  /**
   * Weighs who is suspected now. True when somebody has to go, and the others are enough for that.
   *
   * @param isAgreeing a successor is being agreed upon: suspicions are slow to be given up
   */
  weigh(isAgreeing: boolean): boolean {
    const state = this.#state;
    const { members, suspicion, now, self, isInstalled, surroundings } = state;
    if (!isAgreeing && this.#isCalm()) return false;
    const roster = rosterOf(state);
    const silent = roster.filter((id) => id !== self && suspicion.isSilent(id, now));
    const staying = this.#staying(silent, isAgreeing);
    this.#tell(new Set([...silent, ...staying, ...this.#condemned]), roster);
    const patience = surroundings.settings.suspicionMinMs;
    const convicted = this.#reports.convicted(members, roster);
    // Only links between those who are still reckoned with tell anything.
    const heard = roster.filter((id) => !this.#silent.has(id) && !convicted.includes(id));
    const condemned = new Set([...this.#reports.accused(heard, patience, now), ...convicted]);
    condemned.delete(self);
    const suspects = new Set([...this.#silent, ...condemned]);
    const isNew = !isSame(suspects, this.#suspects);
    this.#suspects = suspects;
    // What they sent last, others may hold: a change of membership, or what was agreed with them.
    state.rmp.unheard(suspects, now);
    const remain = isQuorum(members, (id) => !suspects.has(id));
    for (const id of suspects) this.#together.delete(id);
    if (isInstalled) state.primacy.judge(remain && this.#isTogether);
    if (isNew && !remain && isInstalled) this.#short(roster.filter((id) => !suspects.has(id)));
    return condemned.size > 0 && remain && isInstalled;
  }

  /**
   * Whether the others are known to be still where this processor is. Who was in a minority, and hears them again, may have been removed: only
   * their heartbeats say.
   */
  get #isTogether(): boolean {
    const { primacy, members, self } = this.#state;
    return primacy.isPrimary || isQuorum(members, (id) => id === self || this.#together.has(id));
  }

  /** Nobody suspects anybody: there is nothing to weigh. */
  #isCalm(): boolean {
    const { suspicion, now } = this.#state;
    return !this.isUneasy && !suspicion.isAnySilent(now);
  }

  /** In recovery a suspicion stays until its object was heard for a while, lest the members change to and fro. */
  #staying(silent: readonly ProcessorId[], isAgreeing: boolean): readonly ProcessorId[] {
    const { now, surroundings } = this.#state;
    for (const id of silent) this.#silentAt.set(id, now);
    if (!isAgreeing) return [];
    const staysMs = 2 * surroundings.settings.suspicionMinMs;
    return [...this.#silent].filter((id) => now - (this.#silentAt.get(id) ?? now) < staysMs);
  }

  /** Tells the others whom this processor does not hear, when that has changed; newcomers, too, who have not seen what was told before. */
  #tell(suspects: Set<ProcessorId>, roster: readonly ProcessorId[]): void {
    for (const id of suspects) if (!roster.includes(id)) suspects.delete(id);
    const isTold = suspects.size === 0 || roster.every((id) => this.#told.has(id));
    if (isTold && isSame(suspects, this.#silent)) return;
    const state = this.#state;
    const { id: group, surroundings } = state;
    for (const who of suspects) {
      if (this.#silent.has(who)) continue;
      state.counts.suspicions += 1;
      surroundings.observe({ kind: 'suspected', group, who });
    }
    for (const who of this.#silent) {
      if (!suspects.has(who)) surroundings.observe({ kind: 'trusted', group, who });
    }
    this.#silent = suspects;
    this.#told = new Set(roster);
    const body = { view: state.configuration, suspects: [...suspects] };
    state.originate({ type: 'suspect', ...body });
  }

  /** Without a quorum nothing is proposed: what is short is told for whoever looks after the group. */
  #short(members: readonly ProcessorId[]): void {
    const { surroundings, id: group, members: view } = this.#state;
    surroundings.observe({ kind: 'short', group, members, view });
  }
}

function isSame(one: ReadonlySet<ProcessorId>, other: ReadonlySet<ProcessorId>): boolean {
  return one.size === other.size && [...one].every((id) => other.has(id));
}
