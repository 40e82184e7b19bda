/**
 * C7: a transfer holds exactly the live updates (paper §3.3): a NEW purges the earlier updates of its object
 * and nothing else, a checkpoint those of all objects. Joining costs what the state costs.
 */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import { type Pictures, picturesOf } from './history/pictures.ts';
import { isSame } from './is-same.ts';
import type { Moment } from './replay.ts';

export class Compaction extends Checker {
  readonly property = 'C7';
  readonly promise =
    'Compaction drops what a NEW or a checkpoint made superfluous, and nothing else.';
  #pictures: Pictures | null = null;

  override after({ step, groups }: Moment, history: History): void {
    this.#pictures ??= picturesOf(history);
    for (const { head, updates } of this.#pictures.take(step.seq)) {
      const live = groups.get(head.created)?.objects.live();
      if (live === undefined) continue;
      const positions = new Map<string, Set<number>>();
      for (const { object, at } of updates) {
        const before = positions.get(object);
        if (before === undefined) positions.set(object, new Set([at]));
        else before.add(at);
      }
      for (const [object, sent] of positions) {
        const expected = new Set((live.get(object) ?? []).map(({ at }) => at));
        if (isSame(expected, sent)) continue;
        const text = `${object} consists of ${[...expected]}, transferred were ${[...sent]}`;
        this.violated(text, head);
      }
    }
  }
}
