/** Waits, before a process leaves, until its own lines have come back, and says what it waits for. */
import type { ProcessGroup } from '@choir/process-group';
import type { Output } from '../../../output/output.ts';
import type { OwnLines } from './own-lines.ts';

const lookMs = 200;
/** After so long of waiting it is said. */
const silentMs = 2_000;

export type Waiting = {
  readonly group: ProcessGroup;
  readonly lines: OwnLines;
  readonly output: Output;
  /** Gives up when for so long none has come back, while what is printed is read. */
  readonly patienceMs: number;
  /** Gives up at once. */
  readonly stop: Promise<unknown>;
};

export async function copiesBack({
  group,
  lines,
  output,
  patienceMs,
  stop,
}: Waiting): Promise<void> {
  const late = Promise.withResolvers<void>();
  let [seen, since, isSaid] = [lines.open, performance.now(), false];
  const look = setInterval(() => {
    const quietMs = performance.now() - since;
    if (lines.open !== seen || output.stalled) {
      [seen, since] = [lines.open, performance.now()];
    } else if (quietMs > patienceMs) late.resolve();
    else if (quietMs > silentMs && !isSaid) {
      isSaid = true;
      const why = group.primary ? '' : '; there is no majority';
      output.note(
        `waiting for ${linesText(seen)} to come back${why}; gives up after ${patienceMs / 1_000} s`,
      );
    }
  }, lookMs);
  try {
    await Promise.race([lines.settled, late.promise, stop]);
  } finally {
    clearInterval(look);
  }
}

export function linesText(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}
