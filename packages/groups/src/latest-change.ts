/**
 * The newest change of something, and the newest one by anybody else than its author. These two
 * answer, for every client, when somebody *else* changed it last (G5), however long the history.
 */
import type { ClientId } from '@choir/protocol';

/** `by` is null when the server did it: a grace period that ended. */
export type Change = { readonly seq: number; readonly by: ClientId | null };

export type LatestChange = { readonly newest: Change; readonly before: Change | null };

export function changed(latest: LatestChange | undefined, change: Change): LatestChange {
  if (latest === undefined) return { newest: change, before: null };
  if (latest.newest.by === change.by) return { newest: change, before: latest.before };
  return { newest: change, before: latest.newest };
}

/** `seq` of the newest change by anybody but `client`; 0 when there was none. */
export function changedByOther(latest: LatestChange | undefined, client: ClientId): number {
  if (latest === undefined) return 0;
  if (latest.newest.by !== client) return latest.newest.seq;
  return latest.before?.seq ?? 0;
}
