/** What the server says about a submission, and what follows from it (E1). */
import type { FromServer, LocalId, Position } from '@choir/protocol';
import type { Connection } from './connection.ts';
import type { Effects } from './effects.ts';
import type { Following } from './following.ts';
import type { Membership } from './membership.ts';
import type { Outbox } from './outbox.ts';
import { isExclusive, type Pending } from './pending.ts';

type Message<Kind> = Extract<FromServer, { kind: Kind }>;

/** Refusals that say nothing about the submission: it stays, and is sent again after a while. */
const transient: ReadonlySet<string> = new Set(['NOT_WRITABLE', 'WINDOW']);

/**
 * Refusals of the submission and not of one copy: of what it is (a server that took it once would take
 * it again), and of what a server gives only to what has not taken effect (I4).
 */
const ofTheSubmission: ReadonlySet<string> = new Set([
  'MALFORMED',
  'TOO_LARGE',
  'BAD_NAME',
  'CROSS_SHARD',
  'FORBIDDEN',
]);

/** Refusals of a `leave` after which the client is no member all the same. */
const gone: ReadonlySet<string> = new Set(['NOT_A_MEMBER', 'FORGOTTEN']);

type Parts = {
  readonly outbox: Outbox;
  readonly following: Following;
  readonly effects: Effects;
  readonly connection: Connection;
  readonly random: () => number;
  readonly membership: Membership;
};

export class Settling {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** It took effect at `at`. Returns whether that was news. */
  settled(id: LocalId, at: Position): boolean {
    const { outbox, effects } = this.#parts;
    const pending = outbox.find(id);
    if (pending === null) return false;
    outbox.remove(pending, true);
    const { group } = pending;
    if (!pending.again) effects.emit({ kind: 'settled', group, localId: id, at });
    this.#leaveEnded(pending, true);
    return true;
  }

  ack({ localId, at }: Message<'ack'>): void {
    const { outbox, following } = this.#parts;
    const pending = outbox.find(localId);
    if (pending === null) return;
    const group = following.get(pending.group);
    this.settled(localId, at);
    if (isExclusive(pending)) group?.noteExclusive(at);
    if (pending.body.kind === 'lock_request' && group !== null) {
      group.locks.acknowledged(localId, at, group.copy?.locks ?? new Map());
    }
  }

  waiting({ localId, at, holders }: Message<'waiting'>): void {
    const pending = this.#parts.outbox.find(localId);
    if (pending?.body.kind !== 'lock_request') return;
    this.settled(localId, at);
    if (!pending.again) this.#parts.following.get(pending.group)?.locks.waiting(localId, holders);
  }

  refused(message: Message<'refused'>, now: number): void {
    const { outbox, following, effects } = this.#parts;
    const { group: name, localId, code, message: text, holders } = message;
    const at = message.at ?? null;
    const pending = outbox.find(localId);
    if (pending === null) {
      // A request that waited was settled by that; this is how its waiting ended.
      following.get(name)?.locks.refused(localId);
      return;
    }
    const { group } = pending;
    if (at === null && this.#saysNothing(pending, code)) {
      pending.copies = Math.max(pending.copies - 1, 0);
      this.#delay(pending, message, now);
      return;
    }
    outbox.remove(pending, at !== null);
    if (!pending.again) {
      effects.emit({ kind: 'refused', group, localId, at, code, message: text, holders });
    }
    following.get(group)?.locks.refused(localId);
    this.#leaveEnded(pending, at !== null && gone.has(code));
  }

  resend({ group, mark }: Message<'resend'>, now: number): void {
    const { outbox, connection } = this.#parts;
    const chain = outbox.chain(group);
    chain.resend(mark, now, connection.heartbeatMs);
    outbox.retryLater(chain);
    outbox.stir();
  }

  /** Refused before it was ordered, for a reason that may pass or that is about this copy only. */
  #saysNothing(pending: Pending, code: string): boolean {
    if (transient.has(code)) return true;
    return !ofTheSubmission.has(code) && this.#parts.outbox.chain(pending.group).isInDoubt(pending);
  }

  #delay({ group, localId }: Pending, { code, message }: Message<'refused'>, now: number): void {
    const { outbox, effects, random } = this.#parts;
    const chain = outbox.chain(group);
    const retryInMs = chain.hold(now, random);
    if (retryInMs === null) return;
    outbox.retryLater(chain);
    effects.emit({ kind: 'delayed', group, localId, code, message, retryInMs });
  }

  #leaveEnded({ body, group: name, localId }: Pending, left: boolean): void {
    const { following, membership } = this.#parts;
    const group = following.get(name);
    if (body.kind !== 'leave' || group?.leaving !== localId) return;
    if (left) membership.left(group);
    else membership.stays(group);
  }
}
