/**
 * How processors come in (paper 7.1): who asks, and names the lineage and a view of the group, is added by the highest-ranked member that
 * hears it, and AddProcessor is repeated to it until it is heard. Others are told what to name.
 */

import { compareViews, type ProcessorId } from '../ids.ts';
import { isAddable, membersAfter } from '../pgmp/changes.ts';
import type { Held } from '../rmp/held.ts';
import { membersMax } from '../wire/fields.ts';
import { version } from '../wire/header.ts';
import type { BodyOf, Refuse } from '../wire/index.ts';
import { beginning, mayBegin } from './beginning.ts';
import type { Doubts } from './doubts.ts';
import { joinKeptMs } from './entry.ts';
import type { GroupState } from './group-state.ts';
import { announce } from './strangers.ts';
import type { Telling } from './telling.ts';

type Asked = {
  /** What it said last, or first of what it can be added for. */
  body: BodyOf<'join'>;
  /** When it asked last. */
  at: number;
  due: number;
  /** It waits: a removal, or something that is ordered, is ahead of it. */
  isHeldUp: boolean;
};

/** A member waits this long for each that ranks before it. */
const rankDelayMs = 15;
const repeatMs = 60;
const askedMax = 16;
/** Who has to wait with a newcomer looks so often whether it still has to. */
const lookMs = 5;

export class Admission {
  readonly #state: GroupState;
  readonly #doubts: Doubts;
  readonly #telling: Telling<ProcessorId>;
  /** Who wants to be added. */
  readonly #asked = new Map<ProcessorId, Asked>();
  /** Added, and not heard since: their AddProcessor, and when it is to be repeated. */
  readonly #unheard = new Map<ProcessorId, { readonly held: Held; due: number }>();

  constructor(
    state: GroupState,
    { doubts, telling }: { readonly doubts: Doubts; readonly telling: Telling<ProcessorId> },
  ) {
    this.#state = state;
    this.#doubts = doubts;
    this.#telling = telling;
  }

  get due(): number {
    let due = Number.POSITIVE_INFINITY;
    for (const one of this.#asked.values()) due = Math.min(due, one.due);
    for (const one of this.#unheard.values()) due = Math.min(due, one.due);
    return due;
  }

  /** Somebody wants to be added. @returns `full` when too many want it at once */
  joinHeard(from: ProcessorId, body: BodyOf<'join'>): 'full' | null {
    const state = this.#state;
    if (state.standing !== 'member') return null;
    const asked = this.#asked.get(from);
    if (asked !== undefined) {
      this.#asksOn(asked, body);
      return null;
    }
    if (this.#asked.size >= askedMax) return 'full';
    if (state.departed.has(from)) {
      // It was added, and not heard: it has to come as a new incarnation.
      this.#refuse(from, body, 'excluded');
      return null;
    }
    if (state.rmp.stream(from) !== undefined) return null;
    if (version.minor < body.minorMin || version.minor > body.minorMax) {
      this.#refuse(from, body, 'version');
      return null;
    }
    const due = state.now + this.#rankMs();
    this.#asked.set(from, { body, at: state.now, due, isHeldUp: false });
    return null;
  }

  /** Once it has been told what to name, and names it, those who rank before this processor have their turns anew. */
  #asksOn(asked: Asked, body: BodyOf<'join'>): void {
    asked.at = this.#state.now;
    if (this.#isNew(asked.body)) return;
    asked.body = body;
    if (this.#isNew(body)) asked.due = this.#state.now + this.#rankMs();
  }

  /** An AddProcessor is held here: its newcomer's messages are taken from now on. */
  addHeard(held: Held, body: BodyOf<'addProcessor'>): void {
    const state = this.#state;
    const { id } = body.newMember;
    this.#asked.delete(id);
    if (id === state.self) return;
    if (state.departed.has(id)) state.readmit(id);
    state.order.lane(id)?.beginsAt(held.timestamp);
    if (state.rmp.stream(id) !== undefined) return;
    state.open(body.newMember, held.timestamp);
    this.#unheard.set(id, { held, due: state.now + repeatMs });
  }

  /** A datagram of this processor's own making has come. */
  heard(from: ProcessorId): void {
    this.#unheard.delete(from);
  }

  run(): void {
    const { now, surroundings } = this.#state;
    for (const [id, asked] of this.#asked) {
      if (asked.due > now) continue;
      const isNew = this.#isNew(asked.body);
      // Who does not ask on is perhaps no more, or has turned back.
      const isKept = now - asked.at < joinKeptMs(surroundings.settings);
      if (isNew && isKept && this.#isHeldUp(asked)) continue;
      this.#asked.delete(id);
      if (!isNew || !this.#doubts.isPrimary) this.#tell(id, asked.body);
      else if (isKept) this.#add(id, asked.body);
    }
    for (const [id, unheard] of this.#unheard) {
      if (unheard.due > now) continue;
      unheard.due = now + repeatMs;
      if (this.#state.departed.has(id) || this.#isVain(unheard.held, id)) this.#unheard.delete(id);
      else if (this.#live()[0] === this.#state.self) this.#state.sender.again(unheard.held, id);
    }
  }

  /**
   * Whether who asks follows no other group of this number, and was certainly not in this one before. A processor names one lineage, whatever
   * it hears, and is added in no other. Of who went before this processor came it knows nothing, and the Join may be an old one. It is
   * not if it names a view from then on (P5).
   */
  #isNew({ lineage, view }: BodyOf<'join'>): boolean {
    const { remembersSince, orderedView } = this.#state;
    if (compareViews(lineage, this.#state.lineage) !== 0) return false;
    return compareViews(view, remembersSince) >= 0 && compareViews(view, orderedView) <= 0;
  }

  /** Whether a newcomer has to wait, as a removal, or something that is ordered, may be ahead of it; then the turns of the ranks begin once more. */
  #isHeldUp(asked: Asked): boolean {
    const { now } = this.#state;
    const wasHeldUp = asked.isHeldUp;
    asked.isHeldUp = this.#isRemoving() || !mayBegin(this.#state);
    if (!asked.isHeldUp && !wasHeldUp) return false;
    asked.due = now + (asked.isHeldUp ? lookMs : this.#rankMs());
    return asked.due > now;
  }

  /**
   * Whether somebody is being removed. A newcomer that is added behind that does not know of it, and would not wait, as the others do, until
   * the one who goes has acknowledged it: its first view would come before theirs.
   */
  #isRemoving(): boolean {
    return this.#state.changes.some(({ body }) => body.type === 'removeProcessor');
  }

  /** Whether an AddProcessor has added nobody: at its place another incarnation was there, or no room. */
  #isVain(held: Held, id: ProcessorId): boolean {
    const { changes, members } = this.#state;
    return !changes.includes(held) && !members.includes(id);
  }

  /** How long this processor waits for those who rank before it. */
  #rankMs(): number {
    return Math.max(0, this.#live().indexOf(this.#state.self)) * rankDelayMs;
  }

  #add(id: ProcessorId, body: BodyOf<'join'>): void {
    const state = this.#state;
    const { order, isFrozen, lineage, configuration, orderedView: view } = state;
    if (isFrozen || !this.#doubts.isPrimary || state.standing !== 'member') return;
    if (state.isBarred()) return;
    let coming = order.members;
    for (const held of state.changes) coming = membersAfter(coming, held);
    if (coming.length >= membersMax) {
      this.#refuse(id, body, 'full');
      return;
    }
    // An earlier incarnation has to be out first; the joiner asks again.
    if (coming.includes(id) || !isAddable(coming, id)) return;
    const newMember = { id, sequence: body.sequence, address: body.address };
    this.#reach(id, body.address);
    const place = { lineage, view, configuration, ...beginning(state) };
    state.originate({ type: 'addProcessor', ...place, newMember });
    state.surroundings.observe({ kind: 'added', group: state.id, who: id, view });
  }

  /** Refuses who asks; its address is known for as long as that takes. */
  #refuse(id: ProcessorId, { address }: BodyOf<'join'>, reason: Refuse['reason']): void {
    const { view, sender, now, id: group } = this.#state;
    if (!this.#telling.may(id, now)) return;
    this.#reach(id, address);
    sender.apart({ type: 'refuse', processor: id, reason, view }, id);
    this.#state.emit({ kind: 'forget', group, processor: id, convicted: false });
  }

  /** Tells who asks of the lineage and the view, which it is to name when it asks again; or that this side is a minority, which lets nobody in. */
  #tell(id: ProcessorId, { address }: BodyOf<'join'>): void {
    const state = this.#state;
    if (state.standing !== 'member' || !this.#telling.may(id, state.now)) return;
    this.#reach(id, address);
    announce(state, { to: id, primary: this.#doubts.isPrimary });
    state.emit({ kind: 'forget', group: state.id, processor: id, convicted: false });
  }

  #reach(id: ProcessorId, address: Uint8Array): void {
    this.#state.emit({ kind: 'address', group: this.#state.id, processor: id, address });
  }

  /** The members that are not suspected here, highest rank first. */
  #live(): readonly ProcessorId[] {
    return this.#state.members.filter((id) => !this.#doubts.suspects.has(id));
  }
}
