/**
 * What follows when a block has ended (paper §7.2): withdraw what conflicts, tell the application, and
 * let the rest go again.
 */
import type { ClientId, GroupName, Position } from '@choir/protocol';
import type { Verdict } from './conflict.ts';
import type { Effects } from './effects.ts';
import type { Withdrawn } from './events.ts';
import type { Followed } from './followed.ts';
import type { Outbox } from './outbox.ts';
import { concerns, type Pending, setBase } from './pending.ts';

export type BlockEnd = {
  readonly how: 'transfer' | 'resumed';
  readonly at: Position;
  /** A transfer replaced a copy. */
  readonly gap: boolean;
};

export class Rejoin {
  readonly #outbox: Outbox;
  readonly #effects: Effects;

  constructor(outbox: Outbox, effects: Effects) {
    this.#outbox = outbox;
    this.#effects = effects;
  }

  blockEnded(group: Followed, { how, at, gap }: BlockEnd, me: ClientId): void {
    const { name, scope, block, followedBefore } = group;
    // A watcher sends without waiting for the block: what it handed over may have been decided since.
    const judged = how === 'resumed' && scope === 'member';
    const verdict = judged ? this.#judge(group) : { conflicts: [], discarded: [] };
    group.missed.forget();
    group.goLive(at);
    // All removals first: a store can make them durable together.
    for (const pending of verdict.conflicts) this.#outbox.remove(pending, false);
    for (const pending of verdict.discarded) this.#outbox.remove(pending, false);
    const conflicts = this.#tellWithdrawn(verdict.conflicts, 'conflict');
    const discarded = this.#tellWithdrawn(verdict.discarded, 'discarded');
    this.#giveBase(name, at.seq);
    const { delivered, duplicates } = block;
    const resent = this.#outbox.chain(name).pending.length;
    if (followedBefore) {
      const counts = { delivered, resent, duplicates };
      const event = {
        kind: 'rejoined',
        group: name,
        scope,
        at,
        conflicts,
        discarded,
        gap,
      } as const;
      this.#effects.emit({ ...event, ...counts });
    } else {
      const { created } = group;
      this.#effects.emit({ kind: 'joined', group: name, scope, how, at, created, gap });
    }
    if (conflicts.length + discarded.length > 0) this.#effects.emit({ kind: 'reset', group: name });
    if (scope === 'member') this.#confirmLocks(group, me);
    group.releaseVolatiles();
  }

  /**
   * Only messages are judged: a release or a rename does not depend on what the objects hold. And only
   * those above the mark: the server has decided the others, and says what it decided when it is
   * asked again. Messages of other chains with a part in this group are judged by the server.
   */
  #judge(group: Followed): Verdict {
    const chain = this.#outbox.chain(group.name);
    const undecided = chain.pending.filter(
      ({ body, localId }) => body.kind === 'message' && localId > chain.mark,
    );
    return group.missed.judge(undecided, group.name);
  }

  #tellWithdrawn(
    pendings: readonly Pending[],
    why: 'conflict' | 'discarded',
  ): readonly Withdrawn[] {
    return pendings.map(({ localId, group, body }) => {
      this.#effects.emit({ kind: 'withdrawn', why, localId, group, body });
      return { localId, group, body };
    });
  }

  /** What was written before there was a copy is based on the one that has come. */
  #giveBase(group: GroupName, base: number): void {
    for (const chain of this.#outbox.chains) {
      for (const pending of chain.pending) {
        if (!pending.unbased.includes(group) || !concerns(pending, group)) continue;
        setBase(pending, group, base);
        this.#outbox.store(pending);
      }
    }
  }

  #confirmLocks(group: Followed, me: ClientId): void {
    const { copy, locks, name } = group;
    if (copy === null) return;
    locks.confirm(copy.locks, me);
    // A wait may have ended unseen; the server remembers what became of the request.
    for (const { request, body } of locks.waits) {
      if (body !== null) this.#outbox.askAgain(name, request, body);
    }
  }
}
