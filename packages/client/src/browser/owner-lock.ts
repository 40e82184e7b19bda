/**
 * One owner per outbox, by Web Locks: the browser gives the lock to one page at a time, and takes it back
 * when that page ends, however it ends.
 */

export type OwnerLock = { release(): void };

export type Turn = {
  /** Waits no longer than this; without it for as long as it takes. */
  readonly patienceMs?: number;
  /** Gives up, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
};

/** Owns `name` until released. Null when its turn did not come within the patience. */
export async function own(
  name: string,
  { patienceMs, signal }: Turn = {},
): Promise<OwnerLock | null> {
  if (patienceMs === 0) return request(name, { ifAvailable: true });
  const patience = patienceMs === undefined ? undefined : AbortSignal.timeout(patienceMs);
  const signals = [signal, patience].filter((each) => each !== undefined);
  try {
    return await request(name, signals.length === 0 ? {} : { signal: AbortSignal.any(signals) });
  } catch (error) {
    if (patience?.aborted === true && signal?.aborted !== true) return null;
    throw error;
  }
}

function request(
  name: string,
  how: { readonly ifAvailable?: boolean; readonly signal?: AbortSignal },
): Promise<OwnerLock | null> {
  return new Promise((resolve, reject) => {
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (lock !== null) return new Promise((release) => resolve({ release }));
      resolve(null);
      return undefined;
    };
    navigator.locks.request(name, how, hold).catch(reject);
  });
}
