/** A group that this client follows without having joined it: service providers, dashboards. */
import { Feed } from './feed.ts';

/** Where a watch is, to go on from there another time. */
export type Cursor = {
  /** Of the last thing received. */
  readonly globalId: number;
  /** Tells what was logged before and after a failure of the server. */
  readonly epoch: number;
  /** Id of the group: tells it from a later one of the same name. */
  readonly created: number;
};

/** What to follow, and from where. */
export type WatchOptions = {
  /** The membership only, or everything (default). */
  readonly scope?: 'members' | 'everything';
  /** What came after this; the present when not given. */
  readonly from?: Cursor;
  /** Called before anything is received: the place to listen to what `from` brings. */
  readonly begin?: (watch: Watch) => void;
};

/** A group that this client follows without having joined it. `Client.watch` gives it. */
export class Watch extends Feed {
  /** Where it is; null before anything was received. */
  get cursor(): Cursor | null {
    const followed = this.core.session.group(this.groupName);
    if (followed?.last == null) return null;
    const { last, created } = followed;
    return { globalId: last.seq, epoch: last.epoch, created };
  }

  /** Follows no longer. */
  stop(): void {
    // A later watch of the same name is not this one's to end.
    if (this.core.feed(this.groupName) !== this) return;
    this.core.command({ kind: 'unwatch', group: this.groupName });
  }
}
