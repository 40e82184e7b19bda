/**
 * K4, K5, K6: the grace period of a lock set (paper §5).
 *
 * A holder that is away keeps its locks for the grace period, counted anew when a server starts (K5), and
 * loses them soon after (K4); a holder that is back, or never left, does not lose them so at all (K6).
 * Times are those of the world; a server's clock may drift by a thousandth.
 */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import type { Entry, Logged } from './history/server-log.ts';
import type { LockSet } from './model/locks.ts';
import type { Moment, Replay } from './replay.ts';

/** How long an expiry may take beyond its time, of time in which a server was able to act. */
export const expirySlackMs = 5_000;

type Released = Extract<Logged, { event: 'lock_released' }>;

abstract class Expiries extends Checker {
  override before(moment: Moment, history: History): void {
    for (const { created, events } of moment.step.units) {
      for (const event of events) {
        if (event.event !== 'lock_released' || event.cause !== 'grace_expired') continue;
        const set = moment.groups.get(created)?.locks.get(event.lockSet) ?? null;
        const { entry } = moment;
        if (set !== null && entry !== null) this.expired(event, set, entry, history);
      }
    }
  }

  protected abstract expired(event: Released, set: LockSet, entry: Entry, history: History): void;
}

export class Grace extends Expiries {
  readonly property = 'K4';
  readonly promise =
    'A lock outlives its holder’s absence for the grace period, and not for much longer.';

  protected expired(event: Released, set: LockSet, entry: Entry, { log, lives }: History): void {
    if (set.absentSince === null || entry.late) return;
    const since = log.step(set.absentSince)?.entry?.t ?? 0;
    if (lives.openedBefore(entry.t) > since) return;
    const kept = entry.t - since;
    if (kept < set.graceMs * 0.999 - 1) {
      this.violated(`revoked after ${kept} ms of ${set.graceMs}`, event);
    } else if (lives.ableMs(since, entry.t) > set.graceMs * 1.001 + expirySlackMs) {
      this.violated(`revoked after ${kept} ms, which is late for ${set.graceMs}`, event);
    }
  }

  /** Who leaves gives its locks up with its membership. */
  override after({ step, groups }: Moment): void {
    for (const { created, events } of step.units) {
      for (const event of events) {
        if (event.event !== 'non_member' || event.cause !== 'left') continue;
        const sets = groups.get(created)?.locks.sets ?? [];
        const kept = sets.find(({ holder }) => holder === event.client);
        if (kept !== undefined)
          this.violated(`${event.client} left and holds ${kept.lockSet}`, event);
      }
    }
  }

  /** Nobody keeps a lock for ever by staying away. */
  override finish(history: History, end: Replay): void {
    const over = history.endOfTrace;
    for (const group of end.groups.values()) {
      if (group.deleted) continue;
      for (const { absentSince, graceMs, holder, lockSet } of group.locks.sets) {
        if (absentSince === null) continue;
        const since = history.log.step(absentSince)?.entry?.t ?? 0;
        const from = Math.max(since, history.lives.openedBefore(over));
        const able = history.lives.ableMs(from, over);
        if (able <= graceMs * 1.001 + expirySlackMs) continue;
        this.violated(
          `${holder} is away for ${able} ms and still holds ${lockSet} of ${group.name}`,
        );
      }
    }
  }
}

export class GraceOverRestart extends Expiries {
  readonly property = 'K5';
  readonly promise = 'Locks survive a restart of the server, and their grace begins anew then.';

  protected expired(event: Released, set: LockSet, entry: Entry, { log, lives }: History): void {
    if (set.absentSince === null || entry.late) return;
    const since = log.step(set.absentSince)?.entry?.t ?? 0;
    const opened = lives.openedBefore(entry.t);
    if (opened <= since) return;
    const kept = entry.t - opened;
    if (kept >= set.graceMs * 0.999 - 1) return;
    this.violated(`revoked ${kept} ms after the server came back, of ${set.graceMs}`, event);
  }
}

export class GraceOfPresent extends Expiries {
  readonly property = 'K6';
  readonly promise =
    'A holder that is back in time keeps its locks, and what it wrote is accepted.';

  protected expired(event: Released, set: LockSet): void {
    if (set.absentSince !== null) return;
    this.violated(`${set.holder} is here and lost ${event.lockSet} as if it were away`, event);
  }

  /** A write under a lock set that has been held since before its base is never refused for locks. */
  override before(moment: Moment, history: History): void {
    super.before(moment, history);
    const { decided, step } = moment;
    const refusal = history.refusals.get(step.seq);
    if (decided?.body !== 'message' || refusal === undefined) return;
    if (!['LOCKED', 'STALE_FENCE', 'CONFLICT'].includes(refusal.code)) return;
    const salvaged = step.parts.every((part) => {
      if (part.part !== 'obj_state') return part.part === 'bcast';
      const set = moment.named(part.group)?.locks.get(part.fence) ?? null;
      return (
        set?.holder === decided.client &&
        set.objects.includes(part.object) &&
        set.granted <= part.base
      );
    });
    if (!salvaged) return;
    this.violated(`${decided.client} holds all that it wrote to, and got ${refusal.code}`, refusal);
  }
}
