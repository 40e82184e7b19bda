/**
 * One session's part in one group, as of the session's cursor: which of the group's deliveries it is
 * sent. Being a member and watching are independent; a member's share contains a watcher's.
 */
import type { Delivered } from './delivered.ts';
import type { GroupStream } from './group-stream.ts';
import { Lane } from './lane.ts';
import type { Session } from './session.ts';

export type Scope = 'members' | 'everything';

const never = Number.MAX_SAFE_INTEGER;

export class Subscription {
  readonly session: Session;
  readonly stream: GroupStream;
  /** As a member it gets deliveries after this position; null when it is none. */
  member: number | null = null;
  /** As a watcher. */
  watch: { readonly scope: Scope; readonly since: number } | null = null;
  /** The group has deliveries that the session was not fed. */
  news = false;
  readonly lane: Lane;

  constructor(session: Session, stream: GroupStream) {
    this.session = session;
    this.stream = stream;
    this.lane = new Lane(session, stream);
  }

  get idle(): boolean {
    return this.member === null && this.watch === null;
  }

  /** Nothing up to this position is sent. */
  get since(): number {
    return Math.min(this.member ?? never, this.watch?.since ?? never);
  }

  /** Everything after this position is sent in full. */
  get fullSince(): number {
    const watched = this.watch?.scope === 'everything' ? this.watch.since : never;
    return Math.min(this.member ?? never, watched);
  }

  /** What the session is sent of this delivery; null when nothing. */
  render(delivered: Delivered): Uint8Array | null {
    if (delivered.seq > this.fullSince) return delivered.for(this.session.client);
    if (this.watch !== null && delivered.seq > this.watch.since) return delivered.membership();
    return null;
  }
}
