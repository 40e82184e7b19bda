/** The part of a block that is deliveries of one group: all of them between two positions. */
import type { FeedContext } from './feed-context.ts';
import type { GroupStream } from './group-stream.ts';
import { Lane } from './lane.ts';
import type { Session } from './session.ts';
import { sendStretch } from './stretch-sending.ts';
import type { Scope } from './subscription.ts';

type Range = {
  readonly stream: GroupStream;
  readonly after: number;
  readonly upTo: number;
  readonly scope: Scope;
};

export class Passage {
  readonly #context: FeedContext;
  readonly #session: Session;
  readonly #range: Range;
  readonly #lane: Lane;
  #position: number;

  constructor(context: FeedContext, session: Session, range: Range) {
    this.#context = context;
    this.#session = session;
    this.#range = range;
    this.#lane = new Lane(session, range.stream);
    this.#position = range.after;
  }

  /** Sends on; true when everything was sent. */
  advance(): boolean {
    while (this.#position < this.#range.upTo) {
      const moved = this.#range.scope === 'everything' ? this.#share() : 'apart';
      if (moved === 'no-room') return false;
      if (moved === 'apart' && !this.#sendOneByOne()) return false;
    }
    return true;
  }

  #share(): 'moved' | 'no-room' | 'apart' {
    const { stream, upTo } = this.#range;
    const range = { stream, after: this.#position, upTo };
    const sent = sendStretch(this.#context, this.#session, range);
    if (typeof sent !== 'number') return sent;
    this.#position = sent;
    return 'moved';
  }

  /** Sends what is known; false when it has to wait for room or for rows. */
  #sendOneByOne(): boolean {
    const { connection, client } = this.#session;
    const { scope, upTo } = this.#range;
    const { items, knownTo } = this.#lane.sight(this.#position, upTo);
    if (knownTo === this.#position) {
      const most = { upTo, maxBytes: this.#context.settings.pageBytes };
      this.#lane.ask(this.#context.reader, this.#position, most);
      return false;
    }
    for (const item of items) {
      if (connection.room <= 0) return false;
      const bytes = scope === 'everything' ? item.for(client) : item.membership();
      if (bytes !== null) {
        connection.push(bytes);
        this.#context.tally.deliveries += 1;
      }
      this.#position = item.seq;
    }
    this.#position = knownTo;
    return true;
  }
}
