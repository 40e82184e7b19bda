/** `--timeout`: how long a group is waited for. */
import type { Given } from '../../arguments/given.ts';
import { usage } from '../../arguments/values.ts';

/** What a timer can keep. */
const longestMs = 2 ** 31 - 1;

/** Undefined when it is not given. @throws Failure when that is no time to wait for somebody */
export function timeoutMs(given: Given): number | undefined {
  const ms = given.durationMs('timeout');
  if (ms === undefined || (ms >= 1 && ms <= longestMs)) return ms;
  throw usage(
    `${given.place('timeout')}: "${given.text('timeout')}" is not a duration from 1ms to 596h. Examples: 500ms, 10s, 2m, 1h.`,
  );
}
