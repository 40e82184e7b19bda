/** What the messages of the server mean, once it has said welcome. */
import type { ClientId, FromServer, GroupName } from '@choir/protocol';
import type { Breach, Followed } from './followed.ts';
import type { Following } from './following.ts';
import type { Membership } from './membership.ts';
import type { Outbox } from './outbox.ts';
import type { Reads } from './reads.ts';
import type { Requests } from './requests.ts';
import type { Settling } from './settling.ts';

type Message<Kind> = Extract<FromServer, { kind: Kind }>;
type Block = Extract<FromServer, { requestId: number; group: unknown }>;

export type ReceivingParts = {
  readonly outbox: Outbox;
  readonly requests: Requests;
  readonly following: Following;
  readonly membership: Membership;
  readonly settling: Settling;
  readonly reads: Reads;
  /** Gives back the lock sets that were granted to requests which had been cancelled. */
  readonly releaseUnwanted: (group: Followed) => void;
};

export class Receiving {
  readonly #parts: ReceivingParts;

  constructor(parts: ReceivingParts) {
    this.#parts = parts;
  }

  /** Returns what is wrong with the message, null when nothing is. */
  receive(
    message: Exclude<FromServer, { kind: 'welcome' | 'goodbye' | 'authorized' }>,
    me: ClientId,
    now: number,
  ): Breach {
    const { settling, reads } = this.#parts;
    switch (message.kind) {
      case 'delivery':
        return this.#delivery(message, me);
      case 'ack':
        if (message.senderId !== me) return 'An acknowledgement is for another client.';
        settling.ack(message);
        this.#releaseUnwanted(message.group);
        return null;
      case 'waiting':
        settling.waiting(message);
        return null;
      case 'refused':
        settling.refused(message, now);
        return null;
      case 'resend':
        settling.resend(message, now);
        return null;
      case 'request_refused':
        return this.#requestRefused(message, now);
      case 'resume_begin':
      case 'resume_end':
      case 'transfer_begin':
      case 'transfer_objects':
      case 'transfer_end':
        return this.#block(message, me);
      case 'volatile':
        return this.#volatile(message);
      case 'status':
        return reads.status(message);
      case 'pong':
        return null;
      default:
        return message satisfies never;
    }
  }

  #delivery(message: Message<'delivery'>, me: ClientId): Breach {
    const { following, membership, settling, outbox } = this.#parts;
    const group = following.get(message.group);
    const expected = group !== null && (group.phase === 'live' || group.phase === 'resuming');
    if (!expected && following.isDraining(message.group)) return null;
    if (group === null) return 'A delivery came for a group that is not followed.';
    const taken = group.take(message, { me, lastLocalId: outbox.lastLocalId });
    if (typeof taken === 'string') return taken;
    for (const id of taken.settled) if (settling.settled(id, message.at)) group.noteDuplicate();
    this.#releaseUnwanted(group.name);
    if (taken.deleted && group.scope !== 'member') group.restart();
    else if (taken.deleted && following.get(group.name) === group) membership.deleted(group);
    return null;
  }

  #block(message: Block, me: ClientId): Breach {
    const { requests, reads } = this.#parts;
    const request = requests.get(message.requestId);
    if (request === null) return 'A block came that was not asked for.';
    const ends = message.kind === 'resume_end' || message.kind === 'transfer_end';
    if (request.kind === 'dropped') {
      if (ends) requests.remove(message.requestId);
      return null;
    }
    if (request.kind === 'join' && request.dropped.has(message.group)) {
      if (ends) requests.answered(message.requestId, message.group);
      return null;
    }
    if (request.kind === 'join' || request.kind === 'watch') return this.#follow(message, me);
    if (request.kind !== 'read' || request.group !== message.group) return 'A block has no group.';
    switch (message.kind) {
      case 'transfer_begin':
        return reads.begin(message);
      case 'transfer_objects':
        return reads.add(message);
      case 'transfer_end':
        return reads.end(message);
      default:
        return 'A read was answered by a resume block.';
    }
  }

  #follow(message: Block, me: ClientId): Breach {
    const { following, membership, outbox } = this.#parts;
    switch (message.kind) {
      case 'resume_begin':
        this.#learnMark(message);
        return following.beginResume(message);
      case 'transfer_begin':
        this.#learnMark(message);
        return following.beginTransfer(message);
      case 'transfer_objects':
        return following.addObjects(message);
      case 'resume_end':
      case 'transfer_end': {
        const breach =
          message.kind === 'resume_end'
            ? following.endResume(message, me)
            : following.endTransfer(message, me);
        membership.answered();
        this.#releaseUnwanted(message.group);
        outbox.stir();
        return breach;
      }
      default:
        return message satisfies never;
    }
  }

  /** The mark as of a join; a watcher's chain is on its way meanwhile, and needs none. */
  #learnMark({ group, mark }: Message<'resume_begin' | 'transfer_begin'>): void {
    const { following, outbox } = this.#parts;
    if (following.get(group)?.scope === 'member') outbox.chain(group).learnMark(mark);
  }

  #requestRefused(message: Message<'request_refused'>, now: number): Breach {
    const { requests, reads, membership, outbox } = this.#parts;
    const request = requests.get(message.requestId);
    if (request === null) return 'A request was refused that was not made.';
    if (request.kind === 'read' || request.kind === 'status') reads.refused(message);
    else if (request.kind === 'dropped') requests.remove(message.requestId);
    else membership.refused(request, message, now);
    outbox.stir();
    return null;
  }

  #releaseUnwanted(name: GroupName): void {
    const group = this.#parts.following.get(name);
    if (group !== null) this.#parts.releaseUnwanted(group);
  }

  #volatile({ group: name, ...message }: Message<'volatile'>): Breach {
    const group = this.#parts.following.get(name);
    // One that is late, or comes for a group given up, means nothing: no promise goes with it.
    if (group === null || group.phase === 'asked' || group.phase === 'idle') return null;
    group.volatiles.hold(message);
    if (group.phase === 'live') group.releaseVolatiles();
    return null;
  }
}
