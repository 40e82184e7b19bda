/** K5: the lock sets that a joiner is told of are exactly those of the replayed log, also after restarts. */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import { type Pictures, picturesOf } from './history/pictures.ts';
import type { Moment } from './replay.ts';
import { lockText } from './settled-copies.ts';

export class LockTables extends Checker {
  readonly property = 'K5';
  readonly promise = 'The locks of a server are those of its log, before and after a restart.';
  #pictures: Pictures | null = null;

  override after({ step, groups }: Moment, history: History): void {
    this.#pictures ??= picturesOf(history);
    for (const { head, held } of this.#pictures.take(step.seq)) {
      const sets = groups.get(head.created)?.locks.sets ?? [];
      const got = held.map((set) => `${set.lockSet} ${lockText(set)}`).toSorted();
      const expected = sets.map((set) => `${set.lockSet} ${lockText(set)}`).toSorted();
      if (got.join('; ') === expected.join('; ')) continue;
      this.violated(`told were [${got.join('; ')}], by the log [${expected.join('; ')}]`, head);
    }
  }
}
