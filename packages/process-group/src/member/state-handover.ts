/**
 * The state as a provider gives it, and as a joiner takes it. That a replica cannot give its own is no reason to part from the others, who could not
 * either: it is warned of, and the joiner is told (`Failed`) and asks another member (T3).
 */
import { messageOf } from '../thrown.ts';
import type { State } from './observer.ts';

/** The name of the group, and who is told what an operator should mend. */
type Handover = { readonly name: string; readonly warn: (text: string) => void };

/** The state as it is now; its pieces are made when they are asked for. */
export function providedState({ name, warn }: Handover, replicas: State): Iterable<Uint8Array> {
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
      warn(`Group "${name}": the state was not given to a joiner: ${messageOf(error)}`);
      throw error;
    }
  }
}

/** Whether the replicas took the state over. */
export function isStateTaken(
  { name, warn }: Handover,
  replicas: State,
  pieces: readonly Uint8Array[],
): boolean {
  try {
    replicas.restore(pieces);
    return true;
  } catch (error) {
    warn(`Group "${name}": the state was not taken: ${messageOf(error)}`);
    return false;
  }
}
