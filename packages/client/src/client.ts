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

/** What a new group is to be like. */
export type CreateOptions = {
  /** Whether the group has objects; default true. */
  readonly stateful?: boolean;
  /** How long a member may be away, milliseconds; default 60,000, at most 3,600,000. */
  readonly absenceMs?: number;
  /** Up to 64 properties: names of at most 100 bytes, values of at most 4,096. */
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
 * One identity, one connection at a time, and the groups that it follows through it. `connect` makes it.
 *
 * Promises wait while there is no connection, and all of them settle: at the latest with CLOSED when
 * the client is closed, or with the server's code when it ends the session (SUPERSEDED, EXPIRED,
 * WRONG_SECRET, VERSION). A promise may be let go; what it would have said is told by events. Whatever
 * fails, fails with a `ChoirError`.
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

  /** How the connection is now; the event `connection` tells when that changes. */
  get connection(): ConnectionInfo {
    return this.#connection;
  }

  /** How many messages of this client are neither settled nor withdrawn. */
  get pending(): number {
    return this.#core.session.pending;
  }

  /**
   * Listens to what concerns no single group, from now on.
   *
   * @param name Which event; see `ClientEvents`.
   * @param listener What it throws becomes an uncaught error, and stops nothing else.
   * @returns A function that stops listening.
   */
  on<Name extends keyof ClientEvents>(
    name: Name,
    listener: (event: ClientEvents[Name]) => void,
  ): Unsubscribe {
    return this.#listeners.on(name, listener);
  }

  /**
   * Joins a group, which comes into being if there is none. The client is a member until it leaves,
   * over all interruptions. Joining again gives the same group.
   *
   * @param group A group name: 1–200 bytes, segments between single slashes.
   * @returns The group, once its state has come.
   * @throws BAD_NAME; FORBIDDEN when the token does not grant it; ALREADY_FOLLOWED while it is watched;
   *   LIMIT, ABORTED, LEFT.
   * @example
   * const group = await client.join('team/design', {
   *   begin: (design) => design.on('message', (message) => console.log(message.kind)),
   * });
   */
  join(group: string, options: JoinOptions = {}): Promise<Group> {
    return quiet(joinOne(this.#core, group, this.#named(options)));
  }

  /**
   * Joins several related groups at one position: all or none.
   *
   * @param groups 1–64 names that agree up to the first slash.
   * @returns The groups, in the same order.
   * @throws As `join`; CROSS_SHARD when they are not related.
   */
  joinAll(groups: readonly string[], options: JoinOptions = {}): Promise<readonly Group[]> {
    return quiet(joinAll(this.#core, groups, this.#named(options)));
  }

  /**
   * Follows a group without joining it: the client is no member, and sees what members see. The group need
   * not exist.
   *
   * @returns The watch, once the first state has come.
   * @throws BAD_NAME, FORBIDDEN, LIMIT; ALREADY_FOLLOWED when it has been joined; UNKNOWN_POSITION when
   *   `from` lies ahead of the log, as that of another server may.
   */
  watch(group: string, options: WatchOptions = {}): Promise<Watch> {
    return quiet(watch(this.#core, group, options));
  }

  /**
   * Sends a message to the members of any group, without being one.
   *
   * @param data At most 1 MiB, or what the server takes.
   * @returns Where it took effect, once it is on the server's disk.
   * @throws BAD_NAME, TOO_LARGE, FORBIDDEN, OUTBOX_FULL, CLOSED.
   */
  broadcast(
    group: string,
    data: Data,
    { exclusive = false }: BroadcastOptions = {},
  ): Promise<Settled> {
    return this.send([{ kind: 'bcast', group, data, exclusive }]);
  }

  /**
   * Several parts in one message, in one group or several related ones: all take effect at one position,
   * or none does.
   *
   * @param parts 1–64 parts of at most 1 MiB each and about 8 MB together.
   * @throws What any of the parts would fail with; CROSS_SHARD when the groups are not related.
   * @example
   * await client.send([
   *   { kind: 'obj_state', group: 'team/plan', object: 'title', update: 'NEW', data: 'June' },
   *   { kind: 'bcast', group: 'team/news', data: 'The plan has a title.' },
   * ]);
   */
  send(parts: readonly Part[]): Promise<Settled> {
    return this.#core.submit(() => ({ kind: 'send', parts: parts.map(outgoing) }));
  }

  /**
   * Makes a group that is not there yet. Who creates it is not thereby a member.
   *
   * @throws GROUP_EXISTS; BAD_NAME, TOO_LARGE, MALFORMED, FORBIDDEN.
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
   * @param fence The number of the lock set; see `LockSet`.
   * @param reason At most 500 bytes.
   * @throws NO_LOCK; FORBIDDEN unless the client is authorised.
   */
  breakLock(group: string, fence: number, reason = ''): Promise<Settled> {
    return this.#core.submit(() => {
      checkText('reason', reason, limits.reasonBytes);
      return { kind: 'break', group: groupNamed(group), lockSet: lockSetId(fence), reason };
    });
  }

  /**
   * The present state of a group, or of the objects named, without joining it. A group that does not exist
   * is an answer as well. Waits for a connection.
   *
   * @param objects At most 1,024 ids; none reads all.
   * @throws BAD_NAME, FORBIDDEN, TOO_MANY_REQUESTS.
   */
  readState(group: string, objects: readonly string[] = []): Promise<GroupState> {
    return this.#core.read(() => ({
      kind: 'read',
      group: groupNamed(group),
      objects: objects.map(objectNamed),
    }));
  }

  /**
   * How the server is. Waits for a connection.
   *
   * @throws TOO_MANY_REQUESTS, CLOSED.
   */
  status(): Promise<ServerStatus> {
    return this.#core.status();
  }

  /**
   * Says bye and closes for good. The client stays a (disconnected) member of its groups for a while;
   * what is pending is lost unless the outbox is stored, and its promises are rejected with CLOSED. Resolves
   * when everything that was handed over is in the stored outbox, and that is closed.
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
