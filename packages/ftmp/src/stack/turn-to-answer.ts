/**
 * Who answers a RetransmitRequest, when its source does not. One holder is enough, and the others are silent when they hear it. If all
 * waited at random, those would answer too whose waits end before the first answer has come to them: all of it, when the answer is many
 * messages long. So the holders have turns. Each request begins with another, as its timestamp says: the load is shared, and an answer that
 * does not arrive is not given by the same one again. Whom the asker does not hear comes last: its answer would not arrive, and
 * would silence the others.
 */
import type { ProcessorId } from '../ids.ts';
import type { Doubts } from './doubts.ts';
import type { GroupState } from './group-state.ts';

export type Wanted = {
  /** Who asks, and the timestamp of its request. */
  readonly by: ProcessorId;
  readonly timestamp: number;
  /** Whose messages are missing. */
  readonly source: ProcessorId;
};

/** The turn of this processor: 0 for the source, then one holder after the other. */
export function turnToAnswer(state: GroupState, doubts: Doubts, wanted: Wanted): number {
  const { by, timestamp, source } = wanted;
  const { self, members } = state;
  const holders = members.filter((id) => {
    const isOther = id !== by && id !== source;
    return isOther && !doubts.suspects.has(id) && !doubts.isUnheardBy(by, id);
  });
  const last = holders.length + 1;
  if (doubts.isUnheardBy(by, self)) return last;
  if (source === self) return 0;
  const at = holders.indexOf(self);
  if (at === -1) return last;
  return 1 + ((at + timestamp) % holders.length);
}
