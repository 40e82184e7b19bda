/**
 * How this processor comes into a group: it asks until it is added, and follows the order to its first view.
 *
 * What it has heard of the group it says in its Joins, and goes by: it takes no AddProcessor of another lineage, nor from before that view.
 * So a Join that names a view was sent by one who has not been in the group up to there, and never will have been, however late the Join
 * comes (P5), and who is in no other group of this number. Where it has heard of what nobody comes to, it can only start anew.
 */
import { compareViews, noView, type ProcessorId, type ViewId } from '../ids.ts';
import { Slices } from '../rmp/slices.ts';
import { version } from '../wire/header.ts';
import type { BodyOf } from '../wire/index.ts';
import type { GroupState } from './group-state.ts';
import type { Settings } from './options.ts';
import type { Ignored } from './strangers.ts';

/** Who adds keeps a Join for so many of the times between two. */
const joinsKept = 3;
/** Whoever hears of something else for so many patiences has heard of what is not there, though it may be repeated. */
const patiences = 4;

/** How long who adds keeps a Join that it has to wait with, in milliseconds from when it came. */
export function joinKeptMs({ joinMs }: Settings): number {
  return joinsKept * joinMs;
}

/** The newest that was heard of the group. */
type Known = {
  readonly lineage: ViewId;
  readonly configuration: ViewId;
  readonly view: ViewId;
  /** When it was heard of first, in whatever view. */
  readonly since: number;
  /** When that view, or a later one, was heard of last. */
  readonly at: number;
};

export class Entry {
  readonly #state: GroupState;
  #known: Known | null = null;
  /** When it asks again; once it is added, when it gives up. */
  #joinAt = 0;
  /** When it last sent a Join for which it can be added. */
  #namedAt: number | null = null;
  /** It was told to leave before it had a view. */
  #turnsBack = false;
  /** Whoever sends in slices, as its AddProcessor may come. */
  #sponsor: { readonly id: ProcessorId; readonly slices: Slices } | null = null;

  constructor(state: GroupState) {
    this.#state = state;
  }

  get turnsBack(): boolean {
    return this.#turnsBack;
  }

  /** It is to leave before it is in: when it has been added, or when nobody adds it. */
  turnBack(): void {
    this.#turnsBack = true;
  }

  /** A slice has come to who is not added. @returns the message when all of it is here */
  slice(from: ProcessorId, sequence: number, slice: BodyOf<'slice'>): Uint8Array | null {
    const { windowBytes } = this.#state.surroundings.settings;
    if (this.#sponsor?.id !== from) this.#sponsor = { id: from, slices: new Slices(windowBytes) };
    return this.#sponsor.slices.take(sequence, slice);
  }

  /** When there is something to do for who is not added; null for everybody else. */
  get due(): number | null {
    if (this.#state.configuration.timestamp > 0) return null;
    return this.#turnsBack ? this.#unaddedAt : this.#joinAt;
  }

  /** Does what is due; false when there is nothing else to do in this turn. */
  run(): boolean {
    const state = this.#state;
    if (state.configuration.timestamp === 0 && state.members.length === 0) {
      this.#ask();
      return false;
    }
    if (state.standing === 'joining' && state.now >= this.#joinAt) {
      // It was added by somebody who was removed, perhaps: nobody knows of it.
      state.exclude();
      return false;
    }
    return true;
  }

  /** The group exists. Who asks to be added asks at once again when that is news; a minority adds nobody, and what it says of itself is not gone by. */
  announceHeard({ lineage, configuration, view, primary }: BodyOf<'announce'>): Ignored | null {
    const { now, id: group } = this.#state;
    if (!primary) {
      this.#state.emit({ kind: 'refused', group, reason: 'minority' });
      return null;
    }
    const known = this.#known ?? { lineage, configuration, view: noView, since: now, at: now };
    const isRival = compareViews(lineage, known.lineage) !== 0;
    const later = compareViews(view, known.view);
    if (isRival || later < 0) {
      // It cannot go back to that, and the other is perhaps no more, or never was. Who leaves anyway keeps its other groups.
      if (!this.#turnsBack && this.#isInVain(known)) this.#state.exclude();
      return isRival ? 'rival' : null;
    }
    this.#known = later > 0 ? { ...known, configuration, view, at: now } : { ...known, at: now };
    if (later > 0 && !this.#turnsBack) this.#joinAt = now;
    return null;
  }

  /** Whether it has waited long enough for a group of which it hears nothing more, or only what somebody repeats. */
  #isInVain({ at, since }: Known): boolean {
    const { now, surroundings } = this.#state;
    const { joinPatienceMs } = surroundings.settings;
    return now - at >= joinPatienceMs || now - since >= patiences * joinPatienceMs;
  }

  /**
   * This processor is being added: where the order begins for it.
   *
   * @param view the view that this makes
   */
  added(body: BodyOf<'addProcessor'>, view: ViewId): void {
    const state = this.#state;
    if (state.standing !== 'joining') return;
    if (state.members.length > 0) {
      if (this.#isLeft(body)) state.exclude();
      return;
    }
    if (!this.#isCurrent(body, view)) return;
    const { rmp, order, assembly, suspicion, clock, now, addresses } = state;
    clock.observe(body.watermark);
    for (const { id, sequence, stage, address } of body.members) {
      rmp.open(id, sequence);
      order.open(id, body.watermark);
      assembly.stages.put(id, stage);
      addresses.set(id, address);
      state.emit({ kind: 'address', group: state.id, processor: id, address });
      suspicion.watch(id, now);
    }
    this.#joinAt = now + state.surroundings.settings.joinPatienceMs;
    this.#sponsor = null;
    state.setMembers(body.members.map(({ id }) => id));
    state.view = body.view;
    state.lineage = body.lineage;
    state.begin(body.configuration, { view: body.view, members: state.members });
  }

  /** Whether the others have gone on without this processor, which follows the order, and take it for somebody new. */
  #isLeft({ lineage, configuration }: BodyOf<'addProcessor'>): boolean {
    const state = this.#state;
    if (compareViews(lineage, state.lineage) !== 0) return false;
    return compareViews(configuration, state.configuration) > 0;
  }

  /** Whether this is of the group that was heard of, and that had not come farther. */
  #isCurrent({ lineage, configuration }: BodyOf<'addProcessor'>, view: ViewId): boolean {
    const known = this.#known;
    if (known === null || compareViews(lineage, known.lineage) !== 0) return false;
    const isSoEarly = compareViews(configuration, known.configuration) < 0;
    return !isSoEarly && compareViews(view, known.view) > 0;
  }

  /** When nobody will follow a Join any more: none is kept, and the last AddProcessor, if there is one, has come. */
  get #unaddedAt(): number {
    if (this.#namedAt === null) return 0;
    const { settings } = this.#state.surroundings;
    return this.#namedAt + joinKeptMs(settings) + settings.joinMs;
  }

  #ask(): void {
    const { now, sender, surroundings, id: group } = this.#state;
    if (this.#turnsBack) {
      // Whoever is adding it would take it for a member that has crashed.
      if (now < this.#unaddedAt) return;
      this.#state.standing = 'out';
      this.#state.emit({ kind: 'left', group });
      return;
    }
    if (now < this.#joinAt) return;
    this.#joinAt = now + surroundings.settings.joinMs;
    const minors = { minorMin: version.minor, minorMax: version.minor };
    const { address, firstSequence: sequence } = surroundings;
    const { lineage, view } = this.#known ?? { lineage: noView, view: noView };
    if (this.#known !== null) this.#namedAt = now;
    const place = { sequence, address, lineage, view };
    sender.apart({ type: 'join', ...minors, ...place }, 'anyone');
  }
}
