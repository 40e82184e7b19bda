/** Joining, leaving and watching, as the application wants it and as the server answers. */
import {
  type FromClient,
  type FromServer,
  type GroupName,
  type LocalId,
  natural,
  position,
} from '@choir/protocol';
import type { Command, CommandResult, Wanted } from './commands.ts';
import type { Connection } from './connection.ts';
import type { Effects } from './effects.ts';
import type { Followed } from './followed.ts';
import type { Following } from './following.ts';
import type { Outbox } from './outbox.ts';
import type { Request } from './requests.ts';
import { RetryDelay } from './retry-delay.ts';
import { isWritable } from './submitting.ts';

type RequestRefused = Extract<FromServer, { kind: 'request_refused' }>;

const accepted: CommandResult = { kind: 'accepted', id: 0 };

export class Membership {
  readonly #following: Following;
  readonly #connection: Connection;
  readonly #effects: Effects;
  readonly #outbox: Outbox;
  readonly #random: () => number;
  readonly #retryDelay = new RetryDelay();
  #retryAt: number | null = null;

  constructor(
    following: Following,
    connection: Connection,
    { effects, outbox, random }: { effects: Effects; outbox: Outbox; random: () => number },
  ) {
    this.#following = following;
    this.#connection = connection;
    this.#effects = effects;
    this.#outbox = outbox;
    this.#random = random;
  }

  /** When to ask again for what the server could not do. */
  get retryAt(): number | null {
    return this.#retryAt;
  }

  join(groups: readonly Wanted[]): CommandResult {
    for (const wanted of groups) this.#want(wanted);
    this.ask();
    return accepted;
  }

  watch(command: Extract<Command, { kind: 'watch' }>): CommandResult {
    const { group: name, scope, from, created = 0 } = command;
    const isReal = from === null || isWritable(position, from);
    if (!isReal || !isWritable(natural, created)) return { kind: 'refused', code: 'MALFORMED' };
    const group = this.#following.get(name);
    if (group === null) this.#following.follow(name, { scope, displayName: '', from, created });
    else if (group.scope !== scope) return { kind: 'refused', code: 'ALREADY_FOLLOWED' };
    this.ask();
    return accepted;
  }

  unwatch(name: GroupName): CommandResult {
    const group = this.#following.get(name);
    if (group === null) return accepted;
    if (group.scope === 'member') return { kind: 'refused', code: 'ALREADY_FOLLOWED' };
    this.#stopWatching(group);
    this.#effects.emit({ kind: 'left', group: name, why: 'unwatched' });
    return accepted;
  }

  leaving(name: GroupName, localId: LocalId): void {
    const group = this.#following.get(name);
    if (group?.scope !== 'member') return;
    group.leaving = localId;
    group.locks.leaving();
  }

  /**
   * A `leave` that is pending already will do, and no other follows it: it would end the membership
   * that may come after.
   */
  leavingAlready(name: GroupName): LocalId | null {
    const group = this.#following.get(name);
    if (group !== null) group.joinAgain = null;
    return this.#outbox.pendingLeave(name);
  }

  /** The membership has ended by the client's own `leave`. */
  left(group: Followed): void {
    this.#over(group, 'left');
  }

  /** The `leave` was refused: the client is a member as before. */
  stays(group: Followed): void {
    group.leaving = null;
    group.joinAgain = null;
    group.locks.staying();
    this.ask();
  }

  deleted(group: Followed): void {
    this.#over(group, 'deleted');
  }

  /** Asks for what is wanted, when there is a server to ask. */
  ask(): void {
    if (this.#connection.state === 'online') this.#following.ask(this.#say);
  }

  refused(request: Request, { requestId, code, message }: RequestRefused, now: number): void {
    const groups = this.#following.refused(request, requestId);
    const names = groups.map(({ name }) => name);
    const retrying = this.#triesAgain(groups, code, now);
    this.#effects.emit({ kind: 'join_refused', groups: names, code, message, retrying });
    if (!retrying) for (const group of groups) this.#giveUp(group);
    else if (this.#retryAt === null) this.ask();
  }

  retry(now: number): void {
    if (this.#retryAt === null || now < this.#retryAt) return;
    this.#retryAt = null;
    this.ask();
  }

  answered(): void {
    this.#retryDelay.reset();
  }

  disconnected(since: number): void {
    this.#retryAt = null;
    this.#following.disconnected(since);
  }

  /**
   * Tried again: what the server cannot do now, after a while; each group of several alone, since one
   * that is refused refuses all; and a position that the server has forgotten, without it.
   */
  #triesAgain(groups: readonly Followed[], code: string, now: number): boolean {
    if (code === 'NOT_WRITABLE') this.#retryLater(now);
    else if (groups.length > 1) for (const group of groups) group.alone = true;
    else if (code === 'UNKNOWN_POSITION' && groups.some(({ followedBefore }) => followedBefore)) {
      for (const group of groups) group.forgetPosition();
    } else return false;
    return true;
  }

  readonly #say = (message: FromClient): void => this.#connection.send(message);

  #want({ group: name, name: displayName }: Wanted): void {
    const group = this.#following.get(name);
    if (group?.scope === 'member') {
      if (group.leaving !== null) group.joinAgain = displayName;
      return;
    }
    if (group !== null) this.#stopWatching(group);
    const wanted = this.#following.follow(name, { scope: 'member', displayName });
    wanted.leaving = this.#outbox.pendingLeave(name);
    if (wanted.leaving !== null) wanted.joinAgain = displayName;
    for (const { localId, body } of this.#outbox.chain(name).pending) {
      if (body.kind === 'lock_request') wanted.locks.requested(localId, body);
    }
  }

  #stopWatching({ name, phase }: Followed): void {
    this.#following.drop(name, phase === 'idle' ? null : this.#say);
  }

  #over(group: Followed, why: 'left' | 'deleted'): void {
    const { name, joinAgain, leaving } = group;
    this.#following.drop(name);
    const kept = joinAgain === null ? null : leaving;
    group.locks.end(why === 'left' ? 'left' : 'gone', kept ?? undefined);
    this.#effects.emit({ kind: 'left', group: name, why });
    if (joinAgain !== null) this.join([{ group: name, name: joinAgain }]);
  }

  #giveUp(group: Followed): void {
    this.#following.drop(group.name);
    group.locks.end('gone');
  }

  #retryLater(now: number): void {
    this.#retryAt ??= now + this.#retryDelay.next(this.#random);
  }
}
