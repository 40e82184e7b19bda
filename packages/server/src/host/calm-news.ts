/**
 * News of members in large groups. When a thousand come back at once, each return concerns a thousand
 * others: told one by one that is a million writes. Nobody acts on such news within the tenth of a
 * second that it waits here, and whatever else a session is sent meanwhile takes it along.
 *
 * N1 What waits is marked as news in every session that follows the group, so that no feed passes it.
 * N2 It waits for `membershipNewsMs` at most.
 */
import type { Event } from '@choir/protocol';
import type { GroupStream } from './group-stream.ts';
import type { HostSettings } from './settings.ts';

type Bounds = Pick<HostSettings, 'membershipNewsMs' | 'membershipNewsAbove'>;

export class CalmNews {
  readonly #bounds: Bounds;
  readonly #waiting = new Set<GroupStream>();
  #due: number | null = null;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** When sessions are to be woken; null while nothing waits. */
  get nextDue(): number | null {
    return this.#due;
  }

  /** Whether the news of a delivery may wait. */
  mayWait(stream: GroupStream, events: readonly Event[]): boolean {
    return (
      stream.subscriptions.size > this.#bounds.membershipNewsAbove && events.every(isOfOthersOnly)
    );
  }

  add(stream: GroupStream, now: number): void {
    for (const subscription of stream.subscriptions) subscription.session.note(subscription);
    this.#waiting.add(stream);
    this.#due ??= now + this.#bounds.membershipNewsMs;
  }

  /** Everybody who follows the group is fed for another reason. */
  told(stream: GroupStream): void {
    this.#waiting.delete(stream);
  }

  /** Has those fed whose news has waited long enough. */
  wake(now: number): void {
    if (this.#due === null || now < this.#due) return;
    this.#due = null;
    for (const { subscriptions } of this.#waiting) {
      for (const { session } of subscriptions) session.wake();
    }
    this.#waiting.clear();
  }
}

/** Nobody waits for it: with a local id it is the acknowledgement of what somebody asked for. */
function isOfOthersOnly(event: Event): boolean {
  switch (event.kind) {
    case 'new_member':
    case 'disconnected_member':
    case 'rejoined_member':
      return true;
    case 'non_member':
    case 'renamed_member':
      return event.localId === undefined;
    default:
      return false;
  }
}
