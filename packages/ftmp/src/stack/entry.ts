/**
 * How this processor comes into a group: it asks until it is added, and follows the order to its first view.
 *
 * What it has heard of the group it says in its Joins, and goes by: it takes no AddProcessor from before that. So a Join that names a view
 * was sent by one who has not been in the group up to there, and never will have been, however late the Join comes (P5).
 */
import { compareViews, noView, type ViewId } from '../ids.ts';
import { version } from '../wire/header.ts';
import type { BodyOf } from '../wire/index.ts';
import type { GroupState } from './group-state.ts';
import type { Ignored } from './strangers.ts';

/** The newest that was heard of the group. */
type Known = {
  readonly lineage: ViewId;
  readonly configuration: ViewId;
  readonly view: ViewId;
  readonly at: number;
};

export class Entry {
  readonly #state: GroupState;
  #known: Known | null = null;
  /** When it asks again; once it is added, when it gives up. */
  #joinAt = 0;
  /** It was told to leave before it had a view. */
  #turnsBack = false;

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

  /** The group exists. Who asks to be added asks at once again when that is news. */
  announceHeard({ lineage, configuration, view }: BodyOf<'announce'>): Ignored | null {
    const { now, surroundings } = this.#state;
    const known = this.#known;
    if (known !== null && compareViews(lineage, known.lineage) !== 0) {
      // What it has said of the one group means nothing to the other.
      if (now - known.at >= surroundings.settings.joinPatienceMs) this.#state.exclude();
      return 'rival';
    }
    const isNews = compareViews(view, known?.view ?? noView) > 0;
    this.#known =
      isNews || known === null ? { lineage, configuration, view, at: now } : { ...known, at: now };
    if (isNews && !this.#turnsBack) this.#joinAt = now;
    return null;
  }

  /**
   * This processor is being added: where the order begins for it.
   *
   * @param view the view that this makes
   */
  added(body: BodyOf<'addProcessor'>, view: ViewId): void {
    const state = this.#state;
    // The others have gone on without it, and take it for somebody new.
    const isLeft = compareViews(body.configuration, state.configuration) > 0;
    if (isLeft && state.members.length > 0) state.exclude();
    if (state.standing !== 'joining' || state.members.length > 0) return;
    if (this.#isOutdated(body, view)) return;
    const { rmp, order, suspicion, clock, now, addresses } = state;
    clock.observe(body.watermark);
    for (const { id, sequence, address } of body.members) {
      rmp.open(id, sequence);
      order.open(id, body.watermark);
      addresses.set(id, address);
      state.emit({ kind: 'address', group: state.id, processor: id, address });
      suspicion.watch(id, now);
    }
    state.assembly.follow();
    this.#joinAt = now + state.surroundings.settings.joinPatienceMs;
    state.setMembers(body.members.map(({ id }) => id));
    order.setMembers(state.members);
    state.view = body.view;
    state.orderedView = body.view;
    state.configuration = body.configuration;
    state.lineage = body.lineage;
  }

  /** Whether the group, as far as it was heard of, had come farther. */
  #isOutdated({ lineage, configuration }: BodyOf<'addProcessor'>, view: ViewId): boolean {
    const known = this.#known;
    if (known === null) return false;
    if (compareViews(lineage, known.lineage) !== 0) return true;
    return (
      compareViews(configuration, known.configuration) < 0 || compareViews(view, known.view) <= 0
    );
  }

  /** When nobody will follow a Join any more. */
  get #unaddedAt(): number {
    return this.#joinAt === 0 ? 0 : this.#joinAt + this.#state.surroundings.settings.joinMs;
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
    const view = this.#known?.view ?? noView;
    sender.apart({ type: 'join', ...minors, sequence, address, view }, 'anyone');
  }
}
