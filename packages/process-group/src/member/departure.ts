/** How a process goes out of a group. */
import type { GroupError } from '../group-error.ts';

/** What became of leaving a group. */
export type Departure =
  /** The others have agreed: what was handed over before has gone out. */
  | { readonly kind: 'agreed' }
  /**
   * They have not agreed in time, as in a minority. `unsentMessages`: how many messages were handed over and have not come back, requests and those of replicas
   * included. Whether the others are given them is not known.
   */
  | { readonly kind: 'unagreed'; readonly unsentMessages: number }
  /** The group was over before. */
  | { readonly kind: 'over'; readonly reason: GroupError };

/** Whether it is done before the time is over: false also when it fails. */
export async function isDoneWithin(done: Promise<void>, timeoutMs: number): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), timeoutMs);
  try {
    return await Promise.race([done.then(() => true), late.promise]);
  } catch {
    // The host was closed, or this process removed, meanwhile: it is out all the same.
    return false;
  } finally {
    clearTimeout(timer);
  }
}
