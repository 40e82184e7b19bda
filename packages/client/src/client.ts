/** A client: one identity, one connection at a time, and the groups it follows through it. */
import { limits, lockSetId } from '@choir/protocol';
import {
  type ClientEvents,
  type ConnectionInfo,
  connectionOf,
  tellClient,
} from './client-events.ts';
import type { Core } from './core.ts';
import type { Data } from './data.ts';
import { type BroadcastOptions, checkText, type Group, propertiesOf } from './group.ts';
import { type JoinOptions, joinAll, joinOne, watch } from './joining.ts';
import { Listeners, type Unsubscribe } from './listeners.ts';
import { groupNamed, objectNamed } from './names.ts';
import { outgoing, type Part } from './parts.ts';
import type { GroupState, ServerStatus, SessionEvent } from './session/index.ts';
import { quiet, type Settled } from './settlements.ts';
import type { Watch, WatchOptions } from './watch.ts';

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
    return quiet(joinOne(this.#core, group, this.#named(options)));
  }

  /** Joins several related groups at one position: all or none. */
  joinAll(groups: readonly string[], options: JoinOptions = {}): Promise<readonly Group[]> {
    return quiet(joinAll(this.#core, groups, this.#named(options)));
  }

  /** Follows a group without joining it. It need not exist. */
  watch(group: string, options: WatchOptions = {}): Promise<Watch> {
    return quiet(watch(this.#core, group, options));
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
    if (event.kind === 'connection') {
      // First, so that listeners see it wherever they look.
      this.#connection = connectionOf(event, this.#urls);
      this.#listeners.tell('connection', this.#connection);
    } else tellClient(this.#listeners, event);
  }

  #named(options: JoinOptions): JoinOptions {
    return { name: this.#name, ...options };
  }

  /** @internal What can be observed may have changed. */
  changed(): void {
    if (this.pending === this.#pending) return;
    this.#pending = this.pending;
    this.#listeners.tell('pending', this.#pending);
  }
}
