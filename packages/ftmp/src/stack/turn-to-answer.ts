/**
 * Who answers a RetransmitRequest: its source, while it lives and the asker hears it, and only where that does not help for long one holder,
 * another one for each request. If more of them answered, each answer that takes long to come would be given many times.
 *
 * Where the source cannot answer, one holder is enough, and the others are silent when they hear it. If all
 * waited at random, those would answer too whose waits end before the first answer has come to them: all of it, when the answer is many
 * messages long. So the holders have turns. Each request begins with another, as its timestamp says: the load is shared, and an answer that
 * does not arrive is not given by the same one again. Whom the asker does not hear comes last: its answer would not arrive, and
 * would silence the others.
 */
import type { ProcessorId } from '../ids.ts';
import type { Turn } from '../rmp/answering.ts';
import type { Doubts } from './doubts.ts';
import type { GroupState } from './group-state.ts';
import { rosterOf } from './situation.ts';

export type Wanted = {
  /** Who asks, and the timestamp of its request. */
  readonly by: ProcessorId;
  readonly timestamp: number;
  /** Whose messages are missing. */
  readonly source: ProcessorId;
};

const silent: Turn = { kind: 'silent' };

/**
 * The turn of this processor.
 *
 * | | with multicast | without: who answers is heard by the asker alone |
 * |---|---|---|
 * | the source can answer | it does; the first in turn does what was asked for long | it does; asked are others only when that was in vain: the first in turn |
 * | it cannot | all by turns, until one is heard | the first in turn |
 */
export function turnToAnswer(state: GroupState, doubts: Doubts, wanted: Wanted): Turn {
  const { by, timestamp, source } = wanted;
  const { self } = state;
  if (source === self && !doubts.isUnheardBy(by, self)) return { kind: 'source' };
  // Also those who come or go: what somebody sent last may have come to one of them alone.
  const holders = rosterOf(state).filter((id) => {
    const isOther = id !== by && id !== source;
    return isOther && !doubts.suspects.has(id) && !doubts.isUnheardBy(by, id);
  });
  const place = holders.indexOf(self);
  const at = place === -1 ? holders.length + 1 : 1 + ((place + timestamp) % holders.length);
  const isFirst = at === 1;
  if (state.surroundings.fansOut) return isFirst ? { kind: 'inTurn', at } : silent;
  if (!sourceAnswers(state, doubts, wanted)) return { kind: 'inTurn', at };
  return isFirst ? { kind: 'inVain' } : silent;
}

/** Whether the source lives, and the asker hears it. */
export function sourceAnswers(
  { members }: GroupState,
  doubts: Doubts,
  { by, source }: Pick<Wanted, 'by' | 'source'>,
): boolean {
  return (
    members.includes(source) && !doubts.suspects.has(source) && !doubts.isUnheardBy(by, source)
  );
}
