/** What a followed group shows, to its members and to its watchers alike. */
import type { Event, GroupName } from '@choir/protocol';
import type { ChoirError } from './choir-error.ts';
import type { Core } from './core.ts';
import { Listeners, type Unsubscribe } from './listeners.ts';
import type { Lock } from './lock-handle.ts';
import {
  type LockChange,
  type LockSet,
  lockChangeOf,
  lockSetsOf,
  type Member,
  type MembershipChange,
  membershipChangeOf,
  membersOf,
} from './members.ts';
import { isMessage, type Message, messageOf } from './message.ts';
import { MessageSequence } from './message-sequence.ts';
import type { Copy, Withdrawn } from './session/index.ts';
import type { Told, Withdrawal } from './settlements.ts';

/** What coming back brought (paper §7.2). */
export type Rejoined = {
  /** Deliveries that were missed and came now. */
  readonly delivered: number;
  /** Own messages that are sent again now. */
  readonly resent: number;
  /** Own messages that turned out to have taken effect. */
  readonly duplicates: number;
  /** Own messages that touch what others locked meanwhile: they have no effect. */
  readonly conflicts: readonly Withdrawn[];
  /** Own messages dropped with those, or because the state was replaced: they have no effect. */
  readonly discarded: readonly Withdrawn[];
  /** What was missed is not known: the state is new as a whole. Read everything again. */
  readonly gap: boolean;
};

/** Everything that happened to a group at one position. */
export type Delivery = {
  readonly group: string;
  readonly globalId: number;
  readonly epoch: number;
  /** When it was ordered; for display only. */
  readonly time: Date;
  /** Caused by this client. */
  readonly own: boolean;
  /** Missed when it happened, and received on coming back. */
  readonly missed: boolean;
  /** As the protocol has them (`docs/protocol/client-server.md`), in order. */
  readonly events: readonly Event[];
};

/** What `on` of a group or a watch can listen to, and what each event carries. */
export type FeedEvents = {
  /** Before the events below that come of it: for logs and recorders. */
  readonly delivery: Delivery;
  /** Somebody sent a message: each one to everybody, in the one order. */
  readonly message: Message;
  /** Somebody joined, went away, came back, left or changed the name. */
  readonly membership: MembershipChange;
  /** A lock set was granted, shrank or ended, whoever has it. */
  readonly lock: LockChange;
  /** Properties that changed; an empty value: it was removed. */
  readonly properties: ReadonlyMap<string, string>;
  /** A message without order or promise: cursors, typing. */
  readonly volatile: { readonly sender: string; readonly data: Uint8Array };
  /**
   * The first state has come, and is as of `globalId`; what follows comes after it. `gap`: a watch could
   * not begin where it was to, and what came in between is not known.
   */
  readonly joined: { readonly globalId: number; readonly epoch: number; readonly gap: boolean };
  /** The group is followed again after an interruption. */
  readonly rejoined: Rejoined;
  /** What the application changed ahead of its messages is void; the objects hold what counts. */
  readonly reset: null;
  /** An own message was refused. Its promise says so, too. */
  readonly refused: { readonly localId: number; readonly error: ChoirError };
  /** An own message was withdrawn. Its promise says so, too. */
  readonly withdrawn: Withdrawal;
  /** A lock set that an earlier process of this client had asked for. */
  readonly recovered: Lock;
  /** Nothing more will come. `refused`: the server would not let the client in again. */
  readonly left: { readonly why: 'left' | 'deleted' | 'unwatched' | 'refused' | 'closed' };
};

/** How `messages` is buffered. */
export type MessagesOptions = {
  /** Messages that may wait for the reader; default 1,000. */
  readonly bufferedMax?: number;
};

/** What a group that was joined and one that is watched have in common. */
export class Feed {
  /** The name of the group. */
  readonly name: string;
  protected readonly core: Core;
  protected readonly groupName: GroupName;
  readonly #listeners = new Listeners<FeedEvents>();
  readonly #sequences = new Set<MessageSequence>();
  #over = false;

  /** @internal */
  constructor(core: Core, name: GroupName) {
    this.core = core;
    this.name = name;
    this.groupName = name;
  }

  /** `joining` before the first state has come, `rejoining` while there is no connection. */
  get state(): 'joining' | 'joined' | 'rejoining' | 'left' {
    const followed = this.#over ? null : this.core.session.group(this.groupName);
    if (followed === null) return 'left';
    if (followed.copy === null) return 'joining';
    return followed.phase === 'live' ? 'joined' : 'rejoining';
  }

  /** Global id of the last thing received; 0 before anything was. */
  get position(): number {
    return this.core.session.group(this.groupName)?.last?.seq ?? 0;
  }

  /** The members as of `position`, those who are away among them; empty before the first state has come. */
  members(): readonly Member[] {
    return membersOf(this.copy);
  }

  /** The lock sets that somebody holds, as of `position`. */
  lockSets(): readonly LockSet[] {
    return lockSetsOf(this.copy);
  }

  /** The properties of the group, as of `position`. */
  get properties(): ReadonlyMap<string, string> {
    return new Map(this.copy?.properties);
  }

  /**
   * Listens, from now on; `begin` of `JoinOptions` and `WatchOptions` is where to do so from the start. A
   * listener sees the group as it is at the position of the event.
   *
   * @param name Which event; see `FeedEvents`.
   * @param listener What it throws becomes an uncaught error, and stops nothing else.
   * @returns A function that stops listening.
   */
  on<Name extends keyof FeedEvents>(
    name: Name,
    listener: (event: FeedEvents[Name]) => void,
  ): Unsubscribe {
    return this.#listeners.on(name, listener);
  }

  /**
   * Messages from now on, for `for await`. Ends when the group is left or the client closed. A reader
   * that falls more than `bufferedMax` messages behind gets an error with the code BEHIND.
   *
   * @example
   * for await (const message of group.messages()) {
   *   if (message.kind === 'bcast') console.log(message.sender, text(message.data));
   * }
   */
  messages({ bufferedMax = 1_000 }: MessagesOptions = {}): MessageSequence {
    const sequence = new MessageSequence(bufferedMax, () => this.#sequences.delete(sequence));
    if (this.#over) sequence.end();
    else this.#sequences.add(sequence);
    return sequence;
  }

  protected get copy(): Copy | null {
    return this.core.session.group(this.groupName)?.copy ?? null;
  }

  /** @internal */
  deliver(told: Told<'message'>): void {
    const { group, at, time, own, missed, events } = told;
    const when = { globalId: at.seq, epoch: at.epoch, time: new Date(time) };
    this.tell('delivery', { group, ...when, own, missed, events });
    for (const event of told.events) {
      if (isMessage(event)) this.#message(messageOf(event, told, this.core.session.clientId));
      const membership = membershipChangeOf(event, told);
      if (membership !== null) this.tell('membership', membership);
      const lock = lockChangeOf(event, told);
      if (lock !== null) this.tell('lock', lock);
      if (event.kind === 'properties') {
        this.tell('properties', new Map(event.properties.map(({ name, value }) => [name, value])));
      }
    }
  }

  /** @internal */
  tell<Name extends keyof FeedEvents>(name: Name, event: FeedEvents[Name]): void {
    this.#listeners.tell(name, event);
  }

  /** @internal */
  end(why: FeedEvents['left']['why']): void {
    if (this.#over) return;
    this.#over = true;
    for (const sequence of [...this.#sequences]) sequence.end();
    this.tell('left', { why });
  }

  #message(message: Message): void {
    this.tell('message', message);
    for (const sequence of [...this.#sequences]) sequence.push(message);
  }
}

export function rejoinedOf(told: Told<'rejoined'>): Rejoined {
  const { delivered, resent, duplicates, conflicts, discarded, gap } = told;
  return { delivered, resent, duplicates, conflicts, discarded, gap };
}
