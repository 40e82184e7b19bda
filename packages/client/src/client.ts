/** A client: one identity, one connection at a time, and the groups it follows through it. */
import { type GroupName, limits, lockSetId } from '@choir/protocol';
import { ChoirError } from './choir-error.ts';
import type { Core } from './core.ts';
import type { Data } from './data.ts';
import type { Feed } from './feed.ts';
import { type BroadcastOptions, checkText, Group, propertiesOf } from './group.ts';
import { Listeners, type Unsubscribe } from './listeners.ts';
import { displayNamed, groupNamed, objectNamed } from './names.ts';
import { outgoing, type Part } from './parts.ts';
import {
  type ConnectionState,
  clientCodes,
  type GroupState,
  type ServerStatus,
  type SessionEvent,
} from './session/index.ts';
import { quiet, type Settled, type Withdrawal, waiting, withdrawnOf } from './settlements.ts';
import { Watch, type WatchOptions } from './watch.ts';

/** How the connection is. */
export type ConnectionInfo = {
  readonly state: ConnectionState;
  /** The server that is tried or used. */
  readonly url: string;
  /** Until the next attempt, milliseconds; null unless offline. */
  readonly retryInMs: number | null;
  /** Why the last connection ended, for people; empty unless offline or closed. */
  readonly why: string;
};

export type ClientEvents = {
  readonly connection: ConnectionInfo;
  /** How many messages of this client are neither settled nor withdrawn. */
  readonly pending: number;
  /** The server knows the client now, by this id. */
  readonly attached: { readonly clientId: string };
  /** A message of this client was refused, in whatever group. */
  readonly refused: {
    readonly group: string;
    readonly localId: number;
    readonly error: ChoirError;
  };
  readonly withdrawn: Withdrawal;
  /** The server cannot take messages now; the client goes on trying. */
  readonly delayed: { readonly group: string; readonly code: string; readonly retryInMs: number };
  /** The server broke the protocol; another connection is tried. */
  readonly violation: { readonly message: string };
  /** The client is closed, by itself (CLOSED) or by the server; it does not come back. */
  readonly ended: { readonly code: string; readonly message: string };
};

export type JoinOptions = {
  /** Name by which the members see this client; default that of the client. */
  readonly name?: string;
  /** Gives up, and leaves again: ABORTED. */
  readonly signal?: AbortSignal;
  /** Called before anything is received: who listens from here on misses nothing. */
  readonly begin?: (group: Group) => void;
};

export type CreateOptions = {
  /** Whether the group has objects; default true. */
  readonly stateful?: boolean;
  /** How long a member may be away, milliseconds; default the server's, at most an hour. */
  readonly absenceMs?: number;
  readonly properties?: Readonly<Record<string, string>>;
};

/** @internal */
export type ClientParts = {
  readonly core: Core;
  readonly name: string;
  readonly urls: readonly string[];
  /** Resolves when the store is done. */
  readonly settle: () => Promise<void>;
};

/**
 * Promises wait while there is no connection, and all of them settle: at the latest with CLOSED when
 * the client is closed, or with the server's code when it ends the session (SUPERSEDED, EXPIRED,
 * WRONG_SECRET, VERSION). A promise may be let go; what it would have said is told by events.
 */
export class Client {
  readonly #core: Core;
  readonly #name: string;
  readonly #urls: readonly string[];
  readonly #settle: () => Promise<void>;
  readonly #listeners = new Listeners<ClientEvents>();
  #connection: ConnectionInfo;
  #pending = 0;

  /** @internal */
  constructor({ core, name, urls, settle }: ClientParts) {
    this.#core = core;
    this.#name = name;
    this.#urls = urls;
    this.#settle = settle;
    this.#connection = { state: 'offline', url: urls[0] ?? '', retryInMs: null, why: '' };
  }

  /** Null until the server has issued one. It stays the same over all connections. */
  get clientId(): string | null {
    return this.#core.session.clientId;
  }

  get connection(): ConnectionInfo {
    return this.#connection;
  }

  /** How many messages of this client are neither settled nor withdrawn. */
  get pending(): number {
    return this.#core.session.pending;
  }

  on<Name extends keyof ClientEvents>(
    name: Name,
    listener: (event: ClientEvents[Name]) => void,
  ): Unsubscribe {
    return this.#listeners.on(name, listener);
  }

  /**
   * Joins a group, which comes into being if there is none. The client is a member until it leaves,
   * over all interruptions. Joining again gives the same group.
   */
  join(group: string, options: JoinOptions = {}): Promise<Group> {
    return quiet(this.#joinOne(group, options));
  }

  /** Joins several related groups at one position: all or none. */
  joinAll(groups: readonly string[], options: JoinOptions = {}): Promise<readonly Group[]> {
    return quiet(this.#join(groups, options));
  }

  /** Follows a group without joining it. It need not exist. */
  watch(group: string, options: WatchOptions = {}): Promise<Watch> {
    return quiet(this.#watch(group, options));
  }

  /** Sends a message to the members of any group, without being one. */
  broadcast(group: string, data: Data, { exclusive = false }: BroadcastOptions = {}) {
    return this.send([{ kind: 'bcast', group, data, exclusive }]);
  }

  /**
   * Several parts in one message, in one group or several related ones: all take effect at one position,
   * or none does.
   */
  send(parts: readonly Part[]): Promise<Settled> {
    return this.#core.submit(() => ({ kind: 'send', parts: parts.map(outgoing) }));
  }

  /**
   * Makes a group that is not there yet.
   *
   * @throws GROUP_EXISTS.
   */
  create(group: string, options: CreateOptions = {}): Promise<Settled> {
    const { stateful = true, absenceMs = 0, properties = {} } = options;
    return this.#core.submit(() => ({
      kind: 'create',
      group: groupNamed(group),
      stateful,
      absenceMs,
      properties: propertiesOf(properties),
    }));
  }

  /**
   * Deletes a group with everything in it.
   *
   * @throws NO_GROUP; FORBIDDEN unless the client is authorised.
   */
  delete(group: string): Promise<Settled> {
    return this.#core.submit(() => ({ kind: 'delete', group: groupNamed(group) }));
  }

  /**
   * Takes a lock set from its holder, who is told by whom and why.
   *
   * @throws NO_LOCK; FORBIDDEN unless the client is authorised.
   */
  breakLock(group: string, fence: number, reason = ''): Promise<Settled> {
    return this.#core.submit(() => {
      checkText('reason', reason, limits.reasonBytes);
      return { kind: 'break', group: groupNamed(group), lockSet: lockSetId(fence), reason };
    });
  }

  /** The present state of a group, or of the objects named, without joining it. */
  readState(group: string, objects: readonly string[] = []): Promise<GroupState> {
    return this.#core.read(() => ({
      kind: 'read',
      group: groupNamed(group),
      objects: objects.map(objectNamed),
    }));
  }

  /** How the server is. */
  status(): Promise<ServerStatus> {
    return this.#core.status();
  }

  /**
   * Says bye and closes for good. The client stays a (disconnected) member of its groups for a while;
   * what is pending is lost unless the outbox is stored. Resolves when the outbox is closed.
   */
  async close(): Promise<void> {
    if (this.#core.session.state !== 'closed') this.#core.command({ kind: 'close' });
    await this.#settle();
  }

  /** @internal */
  tell(event: SessionEvent): void {
    switch (event.kind) {
      case 'connection': {
        const { state, server, retryInMs, why } = event;
        this.#connection = { state, url: this.#urls[server] ?? '', retryInMs, why };
        this.#listeners.tell('connection', this.#connection);
        return;
      }
      case 'attached':
        this.#listeners.tell('attached', { clientId: event.clientId });
        return;
      case 'refused': {
        const { group, localId, code, message, holders } = event;
        const error = new ChoirError(code, message, { holders });
        this.#listeners.tell('refused', { group, localId, error });
        return;
      }
      case 'withdrawn':
        this.#listeners.tell('withdrawn', withdrawnOf(event));
        return;
      case 'delayed': {
        const { group, code, retryInMs } = event;
        this.#listeners.tell('delayed', { group, code, retryInMs });
        return;
      }
      case 'violation':
        this.#listeners.tell('violation', { message: event.message });
        return;
      case 'ended':
        this.#listeners.tell('ended', { code: event.code, message: event.message });
        return;
      default:
        return;
    }
  }

  /** @internal What can be observed may have changed. */
  changed(): void {
    if (this.pending === this.#pending) return;
    this.#pending = this.pending;
    this.#listeners.tell('pending', this.#pending);
  }

  async #joinOne(group: string, options: JoinOptions): Promise<Group> {
    const [joined] = await this.#join([group], options);
    if (joined === undefined) throw new ChoirError('LEFT', clientCodes.LEFT);
    return joined;
  }

  async #join(groups: readonly string[], options: JoinOptions): Promise<readonly Group[]> {
    const { signal } = options;
    if (signal?.aborted === true) throw new ChoirError('ABORTED', clientCodes.ABORTED);
    const name = displayNamed(options.name ?? this.#name);
    const names = groups.map(groupNamed);
    const feeds = new Map<GroupName, Feed>(names.map((each) => [each, this.#groupFor(each)]));
    const command = { kind: 'join', groups: names.map((group) => ({ group, name })) } as const;
    for (const feed of feeds.values()) if (feed instanceof Group) options.begin?.(feed);
    await abortable(this.#core.follow(feeds, command), signal, () => {
      for (const each of names) quiet(this.#core.leave(each));
    });
    return [...feeds.values()].filter((feed) => feed instanceof Group);
  }

  #groupFor(name: GroupName): Group {
    const feed = this.#core.feed(name);
    return feed instanceof Group ? feed : new Group(this.#core, name);
  }

  async #watch(group: string, options: WatchOptions): Promise<Watch> {
    const { scope = 'everything', from, begin } = options;
    const name = groupNamed(group);
    const known = this.#core.feed(name);
    const watch = known instanceof Watch ? known : new Watch(this.#core, name);
    begin?.(watch);
    await this.#core.follow(new Map([[name, watch]]), {
      kind: 'watch',
      group: name,
      scope,
      from: from === undefined ? null : { seq: from.globalId, epoch: from.epoch },
      created: from?.created ?? 0,
    });
    return watch;
  }
}

/** The promise, or ABORTED as soon as the signal says so. */
async function abortable(
  promise: Promise<void>,
  signal: AbortSignal | undefined,
  giveUp: () => void,
): Promise<void> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = waiting<never>();
  const onAbort = (): void => {
    giveUp();
    reject(new ChoirError('ABORTED', clientCodes.ABORTED));
  };
  signal.addEventListener('abort', onAbort);
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
