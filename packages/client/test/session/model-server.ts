/**
 * A naive server: one list of entries, everything looked up in it, no bounds. Written from
 * docs/design/groups.md, and not from the service, so that the two can disagree.
 */
import {
  type ClientId,
  type Event,
  type FromClient,
  type FromServer,
  type GroupName,
  type Holder,
  type LocalId,
  lockSetId,
  type ObjectId,
  type ObjectUpdate,
  type Part,
  type Position,
  type Submission,
  type SubmissionBody,
} from '@choir/protocol';
import { at } from './stage.ts';

type Entry = { readonly seq: number; readonly group: GroupName; readonly events: Event[] };
type Member = { name: string; link: Link | null };
type LockSet = { readonly holder: ClientId; readonly localId: LocalId; objects: ObjectId[] };
type Request = {
  readonly client: ClientId;
  readonly localId: LocalId;
  readonly objects: ObjectId[];
};
type Change = { readonly object: ObjectId; readonly seq: number; readonly by: ClientId | null };

type Outcome =
  | { readonly kind: 'ok'; readonly seq: number }
  | { readonly kind: 'waiting'; readonly seq: number }
  | { readonly kind: 'refused'; readonly seq: number; readonly code: string };

export class ModelGroup {
  readonly members = new Map<ClientId, Member>();
  readonly locks = new Map<number, LockSet>();
  readonly changes: Change[] = [];
  readonly checkpoints: { readonly seq: number; readonly by: ClientId }[] = [];
  readonly objects = new Map<ObjectId, ObjectUpdate[]>();
  readonly watchers = new Set<Link>();
  queue: Request[] = [];
  readonly created: number;

  constructor(created: number) {
    this.created = created;
  }
}

/** One connection, as the server sees it. */
export class Link {
  readonly client: ClientId;
  /** What the server said and the client has not heard. */
  readonly out: FromServer[] = [];
  attached = false;

  constructor(client: ClientId) {
    this.client = client;
  }
}

export class ModelServer {
  readonly entries: Entry[] = [];
  readonly groups = new Map<GroupName, ModelGroup>();
  readonly outcomes = new Map<string, Outcome>();
  readonly #marks = new Map<string, number>();
  readonly #bodies = new Map<string, SubmissionBody>();
  readonly #links = new Map<ClientId, Link>();
  /** Resuming at this position or before it is no longer possible. */
  floor = 0;
  /** Refuses the next submission before it is ordered. */
  refuseNext: string | null = null;
  seq = 0;

  hear(link: Link, message: FromClient): void {
    if (message.kind === 'hello') this.#attach(link);
    else if (!link.attached) return;
    else if (message.kind === 'join') this.#join(link, message);
    else if (message.kind === 'submit') this.#submit(link, message);
    else if (message.kind === 'read_state') this.#read(link, message);
    else if (message.kind === 'volatile') this.#volatile(link, message);
    else if (message.kind === 'watch') this.#watch(link, message);
    else if (message.kind === 'ping') link.out.push({ kind: 'pong', nonce: message.nonce });
  }

  detach(link: Link): void {
    if (!link.attached) return;
    link.attached = false;
    this.#links.delete(link.client);
    const seq = this.#next();
    for (const [name, group] of this.groups) {
      const member = group.members.get(link.client);
      if (member?.link !== link) continue;
      member.link = null;
      this.#commit(seq, name, [{ kind: 'disconnected_member', clientId: link.client }]);
    }
  }

  /** A grace period is over: an absent holder loses a lock set. */
  expireGrace(): void {
    for (const [name, group] of this.groups) {
      for (const [set, lock] of group.locks) {
        if (group.members.get(lock.holder)?.link) continue;
        this.#release(this.#next(), name, { set, objects: [...lock.objects], by: null });
        this.#grantNext(name);
        return;
      }
    }
  }

  /** An absence took too long: a disconnected member is none any more. */
  expireAbsence(): void {
    for (const [name, group] of this.groups) {
      for (const [client, { link }] of group.members) {
        if (link !== null) continue;
        group.members.delete(client);
        const event = { kind: 'non_member', clientId: client, cause: 'timeout' } as const;
        this.#commit(this.#next(), name, [event]);
        this.#endWaits(name, (request) => request.client === client);
        this.#grantNext(name);
        return;
      }
    }
  }

  /** `seq` of the newest change of an object's lock by anybody but `client`, 0 when there is none. */
  changedByOther(name: GroupName, object: ObjectId, client: ClientId): number {
    const changes = this.groups.get(name)?.changes ?? [];
    return changes.findLast((c) => c.object === object && c.by !== client)?.seq ?? 0;
  }

  isChangeByOther(
    seq: number,
    { group, object, client }: { group: GroupName; object: ObjectId; client: ClientId },
  ): boolean {
    const changes = this.groups.get(group)?.changes ?? [];
    return changes.some((c) => c.seq === seq && c.object === object && c.by !== client);
  }

  bodyOf(client: ClientId, localId: LocalId): SubmissionBody | undefined {
    return this.#bodies.get(`${client} ${localId}`);
  }

  outcomeOf(client: ClientId, localId: number): Outcome | null {
    return this.outcomes.get(`${client} ${localId}`) ?? null;
  }

  #attach(link: Link): void {
    const older = this.#links.get(link.client);
    if (older !== undefined) this.detach(older);
    this.#links.set(link.client, link);
    link.attached = true;
    const session = this.#next();
    const limits = { heartbeatMs: 1e9, messageBytes: 1e6 };
    const identity = { clientId: link.client, session: session as never };
    link.out.push({ kind: 'welcome', version: 1, head: at(session), ...identity, ...limits });
  }

  #join(link: Link, { requestId, groups }: Extract<FromClient, { kind: 'join' }>): void {
    const seq = this.#next();
    for (const { group: name } of groups) if (!this.groups.has(name)) this.#create(seq, name);
    for (const { group: name, name: displayName, after, created } of groups) {
      const group = this.#group(name);
      const member = group.members.get(link.client);
      group.members.set(link.client, { name: displayName, link: null });
      const event: Event =
        member === undefined
          ? { kind: 'new_member', clientId: link.client, name: displayName }
          : { kind: 'rejoined_member', clientId: link.client };
      this.#commit(seq, name, [event]);
      const mark = this.#marks.get(`${link.client} ${name}`) ?? 0;
      const block = { requestId, group: name, at: at(seq) };
      if (after !== undefined && created === group.created && after.seq > this.floor) {
        link.out.push({ kind: 'resume_begin', ...block, created, after, mark });
        for (const entry of this.entries) {
          if (entry.group === name && entry.seq > after.seq) this.#show(link, entry);
        }
        link.out.push({ kind: 'resume_end', ...block });
      } else {
        const gap = after !== undefined;
        link.out.push(...this.#transfer(link.client, { ...block, mark, gap }));
      }
      group.members.set(link.client, { name: displayName, link });
    }
  }

  #read(link: Link, { requestId, group }: Extract<FromClient, { kind: 'read_state' }>): void {
    const block = { requestId, group, at: at(this.seq), mark: 0, gap: false };
    link.out.push(...this.#transfer(link.client, block, 'read'));
  }

  #watch(link: Link, { requestId, group }: Extract<FromClient, { kind: 'watch' }>): void {
    if (!this.groups.has(group)) this.#create(this.#next(), group);
    const block = { requestId, group, at: at(this.seq), mark: 0, gap: false };
    link.out.push(...this.#transfer(link.client, block, 'watch'));
    this.#group(group).watchers.add(link);
  }

  #volatile(from: Link, { group, data }: Extract<FromClient, { kind: 'volatile' }>): void {
    for (const { link } of this.groups.get(group)?.members.values() ?? []) {
      if (link === null || link === from) continue;
      link.out.push({ kind: 'volatile', group, after: 0, senderId: from.client, data });
    }
  }

  #transfer(
    joiner: ClientId,
    block: { requestId: number; group: GroupName; at: Position; mark: number; gap: boolean },
    purpose: 'join' | 'watch' | 'read' = 'join',
  ): readonly FromServer[] {
    const { created, members, locks, objects } = this.#group(block.group);
    const { mark: _, gap: __, ...rest } = block;
    return [
      {
        kind: 'transfer_begin',
        purpose,
        ...block,
        created,
        stateful: true,
        absenceMs: 1,
        properties: [],
        members: [...members].map(([clientId, { name: n, link }]) => ({
          clientId,
          name: n,
          // The joiner is let into the stream behind this block.
          status: link !== null || clientId === joiner ? 'member' : 'disconnected_member',
        })),
        locks: [...locks].map(([set, { holder, localId, objects: held }]) => ({
          senderId: holder,
          localId,
          lockSet: lockSetId(set),
          objects: held,
          graceMs: 1,
        })),
      },
      { kind: 'transfer_objects', ...rest, updates: [...objects.values()].flat() },
      { kind: 'transfer_end', ...rest },
    ];
  }

  #submit(link: Link, submission: Submission): void {
    const { group: name, localId, previous, body } = submission;
    const key = `${link.client} ${localId}`;
    const chain = `${link.client} ${name}`;
    const mark = this.#marks.get(chain) ?? 0;
    if (this.refuseNext !== null) {
      const code = this.refuseNext;
      this.refuseNext = null;
      link.out.push({ kind: 'refused', group: name, localId, code, message: '', holders: [] });
      return;
    }
    const same = (other: unknown): boolean => JSON.stringify(other) === JSON.stringify(body);
    if (localId <= mark) {
      if (!same(this.#bodies.get(key))) throw new Error(`${key} was sent with other content`);
      this.#tell(link, submission);
      return;
    }
    if (previous !== mark) {
      link.out.push({ kind: 'resend', group: name, mark });
      return;
    }
    this.#marks.set(chain, localId);
    this.#bodies.set(key, body);
    const seq = this.#next();
    this.outcomes.set(key, { kind: 'ok', seq });
    const code = this.#decide(seq, link.client, submission);
    if (code !== null) this.outcomes.set(key, { kind: 'refused', seq, code });
    const shown = link.out.some((message) => settles(message, link.client, localId));
    if (!shown) this.#tell(link, submission);
  }

  /** Carries out a submission, or says why not. */
  #decide(
    seq: number,
    client: ClientId,
    { group: name, localId, body }: Submission,
  ): string | null {
    const group = this.groups.get(name);
    const isMember = group?.members.has(client) ?? false;
    switch (body.kind) {
      case 'message':
        return this.#message(seq, { client, localId, parts: body.parts });
      case 'lock_request':
        if (group === undefined || !isMember) return 'NOT_A_MEMBER';
        return this.#request(seq, name, body, { client, localId, objects: [...body.objects] });
      case 'lock_release': {
        const set = group?.locks.get(body.lockSet);
        if (set === undefined || set.holder !== client) return 'NO_LOCK';
        const objects = body.objects.length === 0 ? [...set.objects] : [...body.objects];
        this.#release(seq, name, { set: body.lockSet, objects, by: client, localId });
        this.#grantNext(name);
        return null;
      }
      case 'lock_cancel': {
        const matches = (r: Request): boolean => r.client === client && r.localId === body.request;
        if (!group?.queue.some(matches)) return 'WAIT_ENDED';
        this.#endWaits(name, matches);
        this.#grantNext(name);
        return null;
      }
      case 'leave': {
        if (group === undefined || !isMember) return 'NOT_A_MEMBER';
        group.members.delete(client);
        this.#commit(seq, name, [{ kind: 'non_member', clientId: client, cause: 'left', localId }]);
        for (const [set, { holder, objects }] of [...group.locks]) {
          if (holder === client) {
            this.#release(this.#next(), name, {
              set,
              objects: [...objects],
              by: client,
              left: true,
            });
          }
        }
        this.#endWaits(name, (request) => request.client === client);
        this.#grantNext(name);
        return null;
      }
      default:
        return 'FORBIDDEN';
    }
  }

  #message(
    seq: number,
    { client, localId, parts }: { client: ClientId; localId: LocalId; parts: readonly Part[] },
  ): string | null {
    for (const part of parts) {
      const code = this.#objection(client, part);
      if (code !== null) return code;
    }
    for (const name of new Set(parts.map((part) => part.group))) {
      if (!this.groups.has(name)) this.#create(seq, name);
      const events = parts
        .filter((part) => part.group === name)
        .map(({ group: _, ...part }): Event => {
          const from = { senderId: client, localId };
          if (part.kind === 'bcast') return { ...part, ...from };
          if (part.kind === 'group_state')
            return { kind: part.kind, objects: part.objects, ...from };
          const { object, update, data } = part;
          return { kind: part.kind, object, update, data, ...from };
        });
      for (const event of events) {
        if (event.kind === 'group_state') this.#group(name).checkpoints.push({ seq, by: client });
      }
      this.#commit(seq, name, events);
    }
    return null;
  }

  #objection(client: ClientId, part: Part): string | null {
    if (part.kind === 'bcast') return null;
    const group = this.groups.get(part.group);
    if (group === undefined || !group.members.has(client)) return 'NOT_A_MEMBER';
    const checkpoint = group.checkpoints.findLast(({ by }) => by !== client)?.seq ?? 0;
    if (Math.max(checkpoint, group.created) > part.base) return 'CHECKPOINTED';
    if (part.kind === 'group_state') return null;
    const set = [...group.locks].find(([, { objects }]) => objects.includes(part.object));
    if (set !== undefined && set[1].holder !== client) return 'LOCKED';
    if (part.fence !== 0 && set?.[0] !== part.fence) return 'STALE_FENCE';
    return this.changedByOther(part.group, part.object, client) > part.base ? 'CONFLICT' : null;
  }

  #request(
    seq: number,
    name: GroupName,
    { wait }: { wait: boolean },
    request: Request,
  ): string | null {
    const group = this.#group(name);
    if (this.#isFree(group, request, group.queue)) this.#grant(seq, name, request);
    else if (!wait) return 'LOCK_DENIED';
    else {
      group.queue.push(request);
      this.outcomes.set(`${request.client} ${request.localId}`, { kind: 'waiting', seq });
    }
    return null;
  }

  #isFree({ locks }: ModelGroup, { objects }: Request, before: readonly Request[]): boolean {
    const taken = [...locks.values(), ...before].flatMap((each) => each.objects);
    return !objects.some((object) => taken.includes(object));
  }

  #grantNext(name: GroupName): void {
    const group = this.#group(name);
    for (let i = 0; i < group.queue.length; i++) {
      const request = group.queue[i];
      if (request === undefined || !this.#isFree(group, request, group.queue.slice(0, i))) continue;
      group.queue.splice(i, 1);
      const seq = this.#next();
      this.outcomes.set(`${request.client} ${request.localId}`, { kind: 'ok', seq });
      this.#grant(seq, name, request);
      i = -1;
    }
  }

  #grant(seq: number, name: GroupName, { client, localId, objects }: Request): void {
    const group = this.#group(name);
    group.locks.set(seq, { holder: client, localId, objects: [...objects] });
    for (const object of objects) group.changes.push({ object, seq, by: client });
    const set = { lockSet: lockSetId(seq), objects: [...objects], graceMs: 1 };
    this.#commit(seq, name, [{ kind: 'lock_granted', senderId: client, localId, ...set }]);
  }

  #release(
    seq: number,
    name: GroupName,
    {
      set,
      objects,
      by,
      localId,
      left = false,
    }: { set: number; objects: ObjectId[]; by: ClientId | null; localId?: LocalId; left?: boolean },
  ): void {
    const group = this.#group(name);
    const lock = group.locks.get(set);
    if (lock === undefined) return;
    lock.objects = lock.objects.filter((object) => !objects.includes(object));
    const whole = lock.objects.length === 0;
    if (whole) group.locks.delete(set);
    for (const object of objects) group.changes.push({ object, seq, by });
    const base = { kind: 'lock_released', senderId: lock.holder, lockSet: lockSetId(set) } as const;
    const id = localId === undefined ? {} : { localId };
    const event: Event =
      by === null
        ? { ...base, objects, whole, cause: 'grace_expired' }
        : { ...base, objects, whole, cause: left ? 'left' : 'released', by, ...id };
    this.#commit(seq, name, [event]);
  }

  #endWaits(name: GroupName, matches: (request: Request) => boolean): void {
    const group = this.#group(name);
    for (const { client, localId } of group.queue.filter(matches)) {
      const outcome = { kind: 'refused', seq: this.seq, code: 'WAIT_ENDED' } as const;
      this.outcomes.set(`${client} ${localId}`, outcome);
      const refusal = { group: name, localId, code: 'WAIT_ENDED', message: '', holders: [] };
      this.#links.get(client)?.out.push({ kind: 'refused', at: at(this.seq), ...refusal });
    }
    group.queue = group.queue.filter((request) => !matches(request));
  }

  #tell(link: Link, { group, localId }: Submission): void {
    const outcome = this.outcomeOf(link.client, localId);
    if (outcome === null) return;
    const about = { group, localId, at: at(outcome.seq) };
    const holders: Holder[] = [];
    if (outcome.kind === 'ok') link.out.push({ kind: 'ack', senderId: link.client, ...about });
    else if (outcome.kind === 'waiting') link.out.push({ kind: 'waiting', ...about, holders });
    else link.out.push({ ...about, kind: 'refused', code: outcome.code, message: '', holders });
  }

  #commit(seq: number, name: GroupName, events: Event[]): void {
    const group = this.#group(name);
    const entry = { seq, group: name, events };
    this.entries.push(entry);
    for (const event of events) this.#fold(group, event, seq);
    for (const { link } of group.members.values()) if (link !== null) this.#show(link, entry);
    for (const link of group.watchers) this.#show(link, entry);
  }

  #fold({ objects }: ModelGroup, event: Event, at_: number): void {
    if (event.kind === 'obj_state') {
      const { object, update, data } = event;
      const before = update === 'INC' ? (objects.get(object) ?? []) : [];
      objects.set(object, [...before, { object, update, at: at_, data }]);
    } else if (event.kind === 'group_state') {
      objects.clear();
      for (const { object, data } of event.objects) {
        objects.set(object, [{ object, update: 'NEW', at: at_, data }]);
      }
    }
  }

  /** A delivery, or the acknowledgement in its place. */
  #show(link: Link, { seq, group, events }: Entry): void {
    const [first] = events;
    const own = events.every(
      (e) => e.kind === 'bcast' && e.exclusive && e.senderId === link.client,
    );
    if (own && first?.kind === 'bcast') {
      const { localId } = first;
      link.out.push({ kind: 'ack', group, senderId: link.client, localId, at: at(seq) });
    } else link.out.push({ kind: 'delivery', group, at: at(seq), time: seq, events });
  }

  #create(seq: number, name: GroupName): void {
    this.groups.set(name, new ModelGroup(seq));
  }

  #group(name: GroupName): ModelGroup {
    const group = this.groups.get(name);
    if (group === undefined) throw new Error(`there is no group ${name}`);
    return group;
  }

  #next(): number {
    this.seq += 1;
    return this.seq;
  }
}

/** Whether this message tells its receiver that the submission took effect. */
function settles(message: FromServer, me: ClientId, localId: LocalId): boolean {
  if (message.kind === 'ack') return message.localId === localId;
  if (message.kind !== 'delivery') return false;
  return message.events.some((event) => {
    if (!('localId' in event) || event.localId !== localId) return false;
    if (event.kind === 'lock_released') return event.by === me;
    return ('senderId' in event ? event.senderId : event.clientId) === me;
  });
}
