/** How a process goes out of a group. */
import type { GroupError } from '../group-error.ts';

/** What became of leaving a group. */
export type Departure =
  /** The others have agreed: what was handed over before has gone out. */
  | { readonly kind: 'agreed' }
  /**
   * They have not agreed in time, as in a minority, or have removed this process while it left. `unsentMessages`: how many messages were handed over and have not
   * come back, requests and those of replicas included. Whether the others are given them is not known; nor is it of the last
   * agreed ones that did come back, where they have removed this process.
   */
  | { readonly kind: 'unagreed'; readonly unsentMessages: number }
  /** The group was over before. */
  | { readonly kind: 'over'; readonly reason: GroupError };

/** How long the others are waited for. */
export type Patience = { readonly timeoutMs: number; readonly signal: AbortSignal | undefined };

/** Resolves when it is done, the time is over, or the signal comes. */
export async function awaitWithin(
  done: Promise<unknown>,
  { timeoutMs, signal }: Patience,
): Promise<void> {
  const late = Promise.withResolvers<void>();
  const end = (): void => late.resolve();
  const timer = setTimeout(end, timeoutMs);
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  try {
    await Promise.race([done, late.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}
