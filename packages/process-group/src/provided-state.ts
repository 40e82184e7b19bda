/**
 * The state as a provider gives it. That a replica cannot give its own is no reason to part from the others, who could not either: it is warned of, and
 * the joiner is told (`Failed`) and asks another member (T3).
 */
import type { State } from './observer.ts';

/** The state as it is now; its pieces are made when they are asked for. @param warn is told what a replica threw, now or then */
export function providedState(
  replicas: State,
  warn: (error: unknown) => void,
): Iterable<Uint8Array> {
  let state: Iterable<Uint8Array> | null = null;
  let failure: unknown;
  try {
    state = replicas.snapshot();
  } catch (error) {
    failure = error;
  }
  return pieces();

  function* pieces(): Generator<Uint8Array> {
    try {
      if (state === null) throw failure;
      yield* state;
    } catch (error) {
      warn(error);
      throw error;
    }
  }
}
