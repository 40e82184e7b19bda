/**
 * A history in a snapshot: each milestone as what it has more than the one before, a few bytes for each of the
 * many that a server with many groups has. The last is the newest delivery.
 */
import { type Infer, list, natural, position, record } from '@choir/protocol';
import { History, type Milestone } from './history.ts';

const many = 2 ** 32;

const step = record({ epoch: natural, seq: natural, time: natural, count: natural });

export const historyCodec = record({
  floor: position,
  spacing: natural,
  steps: list(step, many),
});

type Written = Infer<typeof historyCodec>;

export function writeHistory(history: History): Written {
  const { floor, spacing, milestones, newest } = history.record;
  let before: Milestone = { at: floor, time: 0, count: 0 };
  const all = newest === null ? milestones : [...milestones, newest];
  const steps = all.map((milestone) => {
    const { at, time, count } = milestone;
    const more = {
      epoch: at.epoch - before.at.epoch,
      seq: at.seq - before.at.seq,
      time: time - before.time,
      count: count - before.count,
    };
    before = milestone;
    return more;
  });
  return { floor, spacing, steps };
}

export function readHistory({ floor, spacing, steps }: Written): History {
  let before: Milestone = { at: floor, time: 0, count: 0 };
  const all = steps.map(({ epoch, seq, time, count }) => {
    const { at } = before;
    before = {
      at: { epoch: at.epoch + epoch, seq: at.seq + seq },
      time: before.time + time,
      count: before.count + count,
    };
    return before;
  });
  const newest = all.pop() ?? null;
  return History.restore({ floor, spacing, milestones: all, newest });
}
