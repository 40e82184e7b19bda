/** A signal for what is to end in time, or earlier when the caller says so. */
import type { GroupError } from './group-error.ts';

export type TimeLimit = {
  readonly signal: AbortSignal;
  /** Nobody waits any more. */
  readonly clear: () => void;
};

/** @param late what is said when the time is over, `timeoutMs` from now */
export function timeLimit(
  timeoutMs: number,
  late: GroupError,
  signal: AbortSignal | undefined,
): TimeLimit {
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(late), timeoutMs);
  return {
    signal: signal === undefined ? time.signal : AbortSignal.any([time.signal, signal]),
    clear: () => clearTimeout(timer),
  };
}
