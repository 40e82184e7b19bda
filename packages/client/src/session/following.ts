/** The groups that this client follows: asking for them on every connection, and their blocks. */
import {
  type ClientId,
  type FromClient,
  type FromServer,
  type GroupName,
  type JoinTarget,
  limits,
  relation,
} from '@choir/protocol';
import type { Effects } from './effects.ts';
import { type Breach, Followed, type FollowOptions } from './followed.ts';
import type { Outbox } from './outbox.ts';
import { concerns, type Pending } from './pending.ts';
import { Rejoin } from './rejoin.ts';
import type { Request, Requests } from './requests.ts';

type Message<Kind> = Extract<FromServer, { kind: Kind }>;
type Say = (message: FromClient) => void;

export class Following {
  readonly #groups = new Map<GroupName, Followed>();
  /** Groups given up on this connection, of which deliveries may still be on their way. */
  readonly #draining = new Set<GroupName>();
  readonly #requests: Requests;
  readonly #effects: Effects;
  readonly #rejoin: Rejoin;

  constructor(requests: Requests, outbox: Outbox, effects: Effects) {
    this.#requests = requests;
    this.#effects = effects;
    this.#rejoin = new Rejoin(outbox, effects);
  }

  get all(): Iterable<Followed> {
    return this.#groups.values();
  }

  get(name: GroupName): Followed | null {
    return this.#groups.get(name) ?? null;
  }

  isDraining(name: GroupName): boolean {
    return this.#draining.has(name);
  }

  follow(name: GroupName, options: FollowOptions): Followed {
    const group = new Followed(name, options, this.#effects);
    this.#groups.set(name, group);
    return group;
  }

  /** No longer follows a group. `say` tells the server, where that is for the client to tell. */
  drop(name: GroupName, say: Say | null = null): void {
    this.#groups.delete(name);
    this.#requests.dropJoin(name);
    if (say === null) return;
    this.#requests.dropWatch(name);
    this.#draining.add(name);
    say({ kind: 'unwatch', group: name });
  }

  disconnected(since: number): void {
    this.#draining.clear();
    for (const group of this.#groups.values()) group.disconnected(since);
  }

  /** Asks for every group that is wanted and idle; related ones in one request. */
  ask(say: Say): void {
    const related = new Map<string, Followed[]>();
    for (const group of this.#groups.values()) {
      if (group.phase !== 'idle' || group.leaving !== null) continue;
      group.phase = 'asked';
      if (group.scope !== 'member') this.#watch(group, say);
      else if (group.alone) this.#join([group], say);
      else {
        const key = relation(group.name);
        related.set(key, [...(related.get(key) ?? []), group]);
      }
    }
    for (const groups of related.values()) {
      for (let i = 0; i < groups.length; i += limits.joinGroups) {
        this.#join(groups.slice(i, i + limits.joinGroups), say);
      }
    }
  }

  /**
   * Whether a submission may be sent. To a group that is wanted, only when its block has ended, so that
   * conflicts are seen first. A `leave` needs no block: what comes before it goes at once when the
   * connection was lost meanwhile, and what comes after it waits for the group to be joined again.
   */
  mayGo(pending: Pending): boolean {
    const own = this.#groups.get(pending.group);
    if (own !== undefined && !isOpen(own, pending)) return false;
    if (pending.body.kind !== 'message' || pending.body.parts.length === 1) return true;
    for (const group of this.#groups.values()) {
      if (concerns(pending, group.name) && !isOpen(group, pending)) return false;
    }
    return true;
  }

  beginResume(message: Message<'resume_begin'>): Breach {
    const group = this.#blockOf(message);
    if (group === null) return 'A resume block came for a group that was not asked for.';
    const breach = group.beginResume(message);
    if (breach === null) this.#draining.delete(group.name);
    return breach;
  }

  endResume({ requestId, group: name, at }: Message<'resume_end'>, me: ClientId): Breach {
    const group = this.#blockOf({ requestId, group: name });
    if (group === null || group.phase !== 'resuming')
      return 'A resume block ended that never began.';
    this.#requests.answered(requestId, name);
    this.#rejoin.blockEnded(group, { how: 'resumed', at, gap: false }, me);
    return null;
  }

  beginTransfer(message: Message<'transfer_begin'>): Breach {
    const group = this.#blockOf(message);
    if (group === null) return 'A transfer came for a group that was not asked for.';
    const breach = group.beginTransfer(message);
    if (breach === null) this.#draining.delete(group.name);
    return breach;
  }

  addObjects(message: Message<'transfer_objects'>): Breach {
    const group = this.#blockOf(message);
    return group === null ? 'Objects came for another group.' : group.addObjects(message);
  }

  endTransfer({ requestId, group: name }: Message<'transfer_end'>, me: ClientId): Breach {
    const group = this.#blockOf({ requestId, group: name });
    const ended = group?.endTransfer() ?? null;
    if (group === null || ended === null) return 'A transfer ended that never began.';
    this.#requests.answered(requestId, name);
    this.#rejoin.blockEnded(group, { how: 'transfer', ...ended }, me);
    return null;
  }

  /** A join or watch was refused. Returns the groups that it was for, which are idle again. */
  refused(request: Request, requestId: number): readonly Followed[] {
    this.#requests.remove(requestId);
    const groups = namesOf(request).flatMap((name) => this.#groups.get(name) ?? []);
    for (const group of groups) group.phase = 'idle';
    return groups;
  }

  #blockOf({ requestId, group }: { requestId: number; group: GroupName }): Followed | null {
    const request = this.#requests.get(requestId);
    const asked =
      (request?.kind === 'join' && request.groups.has(group)) ||
      (request?.kind === 'watch' && request.group === group);
    return asked ? this.get(group) : null;
  }

  #join(groups: readonly Followed[], say: Say): void {
    const names = new Set(groups.map(({ name }) => name));
    const requestId = this.#requests.add({ kind: 'join', groups: names, dropped: new Set() });
    say({ kind: 'join', requestId, groups: groups.map(targetOf) });
  }

  #watch({ name: group, scope, created, last }: Followed, say: Say): void {
    if (scope === 'member') return;
    const requestId = this.#requests.add({ kind: 'watch', group });
    const after = last === null ? {} : { after: last };
    say({ kind: 'watch', requestId, group, scope, created, ...after });
  }
}

function namesOf(request: Request): readonly GroupName[] {
  if (request.kind === 'join') return [...request.groups];
  return request.kind === 'watch' ? [request.group] : [];
}

function isOpen(group: Followed, { localId }: Pending): boolean {
  const { scope, phase, leaving, joinAgain } = group;
  if (scope !== 'member') return true;
  if (leaving === null) return phase === 'live';
  if (localId > leaving && joinAgain !== null) return false;
  return phase === 'live' || phase === 'idle';
}

function targetOf({ name: group, displayName: name, created, last }: Followed): JoinTarget {
  return last === null ? { group, name, created } : { group, name, created, after: last };
}
