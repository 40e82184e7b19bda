/**
 * The outbox: everything that the application handed over and that is not settled (E1), by chain. It
 * is bounded (E7), and stored by the driver where that is asked for.
 */
import { type GroupName, type LocalId, localId, type SubmissionBody } from '@choir/protocol';
import { Chain } from './chain.ts';
import type { ClientCode } from './client-codes.ts';
import type { Effects, OutboxRecord } from './effects.ts';
import { type Pending, recordOf, sizeOf } from './pending.ts';
import type { SizeLimits } from './size-limits.ts';

export type OutboxOptions = {
  /** Submissions that may be pending. */
  readonly messagesMax: number;
  /** Bytes that they may take, about. */
  readonly bytesMax: number;
  /** Highest local id that this client has ever used. */
  readonly lastLocalId: number;
  /** What the server takes, as far as it is known. */
  readonly sizeLimits: SizeLimits;
};

type Draft = {
  readonly group: GroupName;
  readonly body: SubmissionBody;
  readonly unbased: readonly GroupName[];
  readonly memberName: string | null;
};

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #effects: Effects;
  readonly #chains = new Map<GroupName, Chain>();
  readonly #byLocalId = new Map<LocalId, Pending>();
  /** Chains that are to be sent again at a time of their own. */
  readonly #retrying = new Set<Chain>();
  #lastLocalId: number;
  #bytes = 0;
  #stirred = false;

  constructor(options: OutboxOptions, effects: Effects) {
    this.#options = options;
    this.#effects = effects;
    this.#lastLocalId = options.lastLocalId;
  }

  get count(): number {
    return this.#byLocalId.size;
  }

  get chains(): Iterable<Chain> {
    return this.#chains.values();
  }

  get lastLocalId(): number {
    return this.#lastLocalId;
  }

  chain(group: GroupName): Chain {
    let chain = this.#chains.get(group);
    if (chain === undefined) {
      chain = new Chain(group);
      this.#chains.set(group, chain);
    }
    return chain;
  }

  find(id: LocalId): Pending | null {
    return this.#byLocalId.get(id) ?? null;
  }

  /** Local id of the `leave` of a group that is pending; null when there is none. */
  pendingLeave(group: GroupName): LocalId | null {
    const pending = this.#chains.get(group)?.pending ?? [];
    return pending.find(({ body }) => body.kind === 'leave')?.localId ?? null;
  }

  /** Something may be sent that could not be sent before. */
  stir(): void {
    this.#stirred = true;
  }

  takeStirred(): boolean {
    const stirred = this.#stirred;
    this.#stirred = false;
    return stirred;
  }

  retryLater(chain: Chain): void {
    this.#retrying.add(chain);
  }

  get nextRetry(): number | null {
    let next: number | null = null;
    for (const chain of this.#retrying) {
      if (chain.retryAt === null) this.#retrying.delete(chain);
      else next = Math.min(next ?? chain.retryAt, chain.retryAt);
    }
    return next;
  }

  retry(now: number): void {
    for (const chain of this.#retrying) {
      if (chain.retryAt !== null && chain.retryAt <= now) chain.retry();
    }
    this.stir();
  }

  /** Why a draft cannot be taken; null when it can. */
  objection(body: SubmissionBody): ClientCode | null {
    const { messagesMax, bytesMax, sizeLimits } = this.#options;
    if (!sizeLimits.allow(body)) return 'TOO_LARGE';
    const bytes = sizeOf(body);
    const full = this.count >= messagesMax || this.#bytes + bytes > bytesMax;
    return full ? 'OUTBOX_FULL' : null;
  }

  add(draft: Draft): Pending {
    this.#lastLocalId += 1;
    const pending = this.#keep({ ...draft, localId: localId(this.#lastLocalId) });
    this.store(pending);
    return pending;
  }

  /** Takes up what an earlier process left. */
  restore(record: OutboxRecord): void {
    this.#lastLocalId = Math.max(this.#lastLocalId, record.localId);
    this.#keep(record).sentBefore = true;
  }

  /** Asks once more what became of a submission that was settled provisionally. */
  askAgain(group: GroupName, id: LocalId, body: SubmissionBody): void {
    if (this.#byLocalId.has(id)) return;
    this.#keep({ group, localId: id, body, unbased: [], memberName: null }, true);
  }

  /** What goes out is what it stays: a repetition must be byte for byte the same. */
  goesOut(id: LocalId): void {
    const pending = this.#byLocalId.get(id);
    if (pending === undefined || pending.unbased.length === 0) return;
    pending.unbased = [];
    this.store(pending);
  }

  store(pending: Pending): void {
    this.#effects.push({ kind: 'store', record: recordOf(pending) });
  }

  /** Takes out what was settled, refused or withdrawn (`logged`: decided at a position). */
  remove(pending: Pending, logged: boolean): void {
    this.chain(pending.group).remove(pending, logged);
    this.#byLocalId.delete(pending.localId);
    this.#bytes -= pending.bytes;
    this.stir();
    const { localId, again } = pending;
    if (!again) this.#effects.push({ kind: 'unstore', localId, decided: logged });
  }

  disconnected(): void {
    for (const chain of this.#chains.values()) chain.disconnected();
  }

  #keep(record: OutboxRecord, again = false): Pending {
    const bytes = sizeOf(record.body);
    const pending: Pending = {
      ...record,
      bytes,
      sentPrevious: null,
      copies: 0,
      sentBefore: false,
      again,
    };
    this.chain(record.group).add(pending);
    this.#byLocalId.set(pending.localId, pending);
    this.#bytes += bytes;
    this.stir();
    return pending;
  }
}
