/**
 * Whether a group can ever go on, as an operator judges it who knows which processes live.
 *
 * It cannot when the living are no quorum of the newest view that was installed. Nor can it when they say themselves that
 * they need a quorum of a view which the dead may have installed, and are none of it: with every living member among them,
 * nobody is left who could rule that view out.
 */
import { compareViews, type ProcessorId, type ProtocolEvent, type View } from '@choir/ftmp';

type Short = Pick<Extract<ProtocolEvent, { readonly kind: 'short' }>, 'members' | 'view'>;

export class Prospects {
  /** The newest view of the group that anyone has installed. */
  #newest: View | null = null;
  /** Who cannot go on, with whom, and for want of a quorum of which view. */
  readonly #short = new Map<ProcessorId, Short>();

  /** Another group begins. */
  begin(): void {
    this.#newest = null;
    this.#short.clear();
  }

  installed(view: View): void {
    if (this.#newest === null || compareViews(view.id, this.#newest.id) > 0) this.#newest = view;
  }

  /** What a processor does in the group. */
  saw(self: ProcessorId, event: ProtocolEvent): void {
    if (event.kind === 'short') this.#short.set(self, event);
    else if (event.kind === 'behind' || isHopeful(event)) this.#short.delete(self);
  }

  /**
   * @param living all processors that run
   * @param members those of them that have been given a view and are not out
   */
  isLost(living: ReadonlySet<ProcessorId>, members: readonly ProcessorId[]): boolean {
    if (this.#newest === null) return living.size > 0;
    return !isQuorum(this.#newest.members, living) || this.isLostInDoubt(living, members);
  }

  /** As `isLost`, for want of a quorum of a view that perhaps nobody installed. */
  isLostInDoubt(living: ReadonlySet<ProcessorId>, members: readonly ProcessorId[]): boolean {
    if (this.#newest === null || !isQuorum(this.#newest.members, living)) return false;
    return members.some((member) => {
      const short = this.#short.get(member);
      if (short === undefined) return false;
      return members.every((id) => short.members.includes(id)) && !isQuorum(short.view, living);
    });
  }
}

/** What is said after it shows that what was short is not, or not any more. */
function isHopeful(event: ProtocolEvent): boolean {
  if (event.kind === 'effect') {
    const { effect } = event;
    return effect.kind === 'view' || (effect.kind === 'primary' && effect.primary);
  }
  return event.kind === 'proposed' || event.kind === 'decided';
}

function isQuorum(view: readonly ProcessorId[], living: ReadonlySet<ProcessorId>): boolean {
  const present = view.filter((id) => living.has(id)).length;
  const [highest] = view;
  if (2 * present !== view.length) return 2 * present > view.length;
  return highest !== undefined && living.has(highest);
}
