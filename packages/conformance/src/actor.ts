/** A client of the suite: attached under an identity, numbering what it submits as M1 and M2 ask. */
import type { Event, FromServer, Part, SubmissionBody } from '@choir/protocol';
import {
  type From,
  groupNamed,
  joinTarget,
  objectNamed,
  submit,
  type Write,
  write,
} from './messages.ts';
import { isOf, type Of, type Peer } from './peer.ts';

export type Identity = { readonly clientId: string; readonly secret: Uint8Array };

/** What a join, a watch or a read was answered with (K1). */
export type Block = {
  readonly begin: Of<'resume_begin'> | Of<'transfer_begin'>;
  readonly deliveries: readonly Of<'delivery'>[];
  readonly updates: Of<'transfer_objects'>['updates'];
  readonly end: Of<'resume_end'> | Of<'transfer_end'>;
};

export type Outcome =
  | { readonly kind: 'accepted'; readonly by: 'ack' | 'delivery'; readonly at: number }
  | { readonly kind: 'refused'; readonly code: string; readonly at: number | null };

export class Actor {
  readonly peer: Peer;
  readonly identity: Identity;
  readonly welcome: Of<'welcome'>;
  readonly #last = new Map<string, number>();
  #used = 0;
  #requests = 0;

  constructor(peer: Peer, identity: Identity, welcome: Of<'welcome'>) {
    this.peer = peer;
    this.identity = identity;
    this.welcome = welcome;
  }

  get session(): number {
    return this.welcome.session;
  }

  /** Sends a submission; returns its local id. */
  submit(group: string, body: SubmissionBody): number {
    this.#used += 1;
    this.peer.send(submit(group, this.#used, this.#last.get(group) ?? 0, body));
    this.#last.set(group, this.#used);
    return this.#used;
  }

  /** Submits and waits for what becomes of it. */
  async settle(group: string, body: SubmissionBody): Promise<Outcome> {
    return this.outcome(this.submit(group, body));
  }

  /** Where it took effect; fails when it was refused. */
  async accepted(group: string, body: SubmissionBody): Promise<number> {
    const outcome = await this.settle(group, body);
    if (outcome.kind === 'accepted') return outcome.at;
    throw new Error(`refused with ${outcome.code}`);
  }

  /** The next thing that is said about a submission. */
  async outcome(own: number): Promise<Outcome> {
    const about = (found: FromServer): found is Of<'ack'> | Of<'refused'> | Of<'delivery'> =>
      (isOf(found, 'ack') && found.localId === own) ||
      (isOf(found, 'refused') && found.localId === own) ||
      (isOf(found, 'delivery') && found.events.some((event) => this.#isOwn(event, own)));
    const found = await this.peer.where(about, `outcome of the submission ${own}`);
    if (found.kind !== 'refused') {
      const by = found.kind === 'ack' ? 'ack' : 'delivery';
      return { kind: 'accepted', by, at: found.at.seq };
    }
    return { kind: 'refused', code: found.code, at: found.at?.seq ?? null };
  }

  async join(group: string, from?: From): Promise<Block> {
    const requestId = this.#request();
    const groups = [joinTarget(group, this.identity.clientId, from)];
    this.peer.send({ kind: 'join', requestId, groups });
    return this.block(requestId);
  }

  async watch(
    group: string,
    scope: 'members' | 'everything' = 'everything',
    from?: From,
  ): Promise<Block> {
    const requestId = this.#request();
    const where = from ?? { created: 0 };
    this.peer.send({ kind: 'watch', requestId, group: groupNamed(group), scope, ...where });
    return this.block(requestId);
  }

  async read(group: string, objects: readonly string[] = []): Promise<Block> {
    const requestId = this.#request();
    const names = objects.map(objectNamed);
    this.peer.send({ kind: 'read_state', requestId, group: groupNamed(group), objects: names });
    return this.block(requestId);
  }

  /** Asks to join under a position that is to be refused; returns the code. */
  async refusedJoin(
    ...targets: readonly Readonly<Parameters<typeof joinTarget>>[]
  ): Promise<string> {
    const requestId = this.#request();
    const groups = targets.map((target) => joinTarget(...target));
    this.peer.send({ kind: 'join', requestId, groups });
    return (await this.peer.next('request_refused', (each) => each.requestId === requestId)).code;
  }

  async block(requestId: number): Promise<Block> {
    const isBegin = (each: FromServer): each is Block['begin'] =>
      (isOf(each, 'resume_begin') || isOf(each, 'transfer_begin')) && each.requestId === requestId;
    const begin = await this.peer.where(isBegin, 'begin of a block');
    const deliveries: Of<'delivery'>[] = [];
    const updates: Of<'transfer_objects'>['updates'][number][] = [];
    for (;;) {
      const next = await this.peer.where((_each): _each is FromServer => true, 'end of the block');
      if (isOf(next, 'resume_end') || isOf(next, 'transfer_end')) {
        return { begin, deliveries, updates, end: next };
      }
      if (isOf(next, 'delivery') && begin.kind === 'resume_begin') deliveries.push(next);
      else if (isOf(next, 'transfer_objects')) updates.push(...next.updates);
      else if (!['pong', 'volatile', 'status'].includes(next.kind)) {
        throw new Error(`${next.kind} inside of a block`);
      }
    }
  }

  /** A write as M8 asks, made now. */
  write(group: string, object: string, data: string, options: Partial<Write> = {}): Part {
    return write(group, object, data, { base: this.seen(group), ...options });
  }

  /** Position of the last delivery or block of a group that was received. */
  seen(group: string): number {
    const last = this.peer.received.findLast((each) => 'at' in each && each.group === group);
    return last !== undefined && 'at' in last ? (last.at?.seq ?? 0) : 0;
  }

  /** The next event of that kind in a group. */
  async event<K extends Event['kind']>(
    group: string,
    kind: K,
    fits: (event: Extract<Event, { kind: K }>) => boolean = () => true,
  ): Promise<{ readonly at: number; readonly event: Extract<Event, { kind: K }> }> {
    const wanted = (event: Event): event is Extract<Event, { kind: K }> =>
      event.kind === kind && fits(event as Extract<Event, { kind: K }>);
    const found = await this.peer.next(
      'delivery',
      (each) => each.group === group && each.events.some(wanted),
    );
    const event = found.events.find(wanted);
    if (event === undefined) throw new Error(`no ${kind} in the delivery`);
    return { at: found.at.seq, event };
  }

  leaveConnection(): void {
    this.peer.close();
  }

  #request(): number {
    this.#requests += 1;
    return this.#requests;
  }

  #isOwn(event: Event, own: number): boolean {
    return (
      'senderId' in event &&
      event.senderId === this.identity.clientId &&
      'localId' in event &&
      event.localId === own
    );
  }
}
