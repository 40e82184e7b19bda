/**
 * The objects of one group: the whole history of updates, and the fold by the rules of paper §3.3,
 * from scratch each time it is asked for. No compaction: that is what this is compared with.
 */
import type { GroupEvent } from '../group-event.ts';
import { contentText } from '../vocabulary.ts';

export type Update = {
  readonly at: number;
  readonly object: string;
  readonly update: string;
  readonly data: string;
};

export class Objects {
  /** Every update ever; a checkpoint counts as a NEW of each object that it holds. */
  readonly #history: Update[] = [];
  readonly #checkpoints: { readonly seq: number; readonly by: string }[] = [];
  /** Where in the history the newest checkpoint begins. */
  #since = 0;

  apply(event: GroupEvent, seq: number): void {
    if (event.event === 'obj_state') {
      const { object, update, data } = event;
      this.#history.push({ at: seq, object, update, data });
    } else if (event.event === 'group_state') {
      this.#checkpoints.push({ seq, by: event.sender });
      this.#since = this.#history.length;
      for (const [index, object] of event.objects.entries()) {
        const data = event.contents[index] ?? '';
        this.#history.push({ at: seq, object, update: 'NEW', data });
      }
    }
  }

  /** Whether anybody but `client` replaced the state after `base`. */
  replacedByOther(client: string, base: number): boolean {
    return this.#checkpoints.some(({ seq, by }) => seq > base && by !== client);
  }

  /** The updates that make up each object's content, oldest first. */
  live(): ReadonlyMap<string, readonly Update[]> {
    const live = new Map<string, Update[]>();
    for (const update of this.#history.slice(this.#since)) {
      const before = live.get(update.object);
      if (before === undefined || update.update === 'NEW') live.set(update.object, [update]);
      else before.push(update);
    }
    return live;
  }

  contents(): ReadonlyMap<string, string> {
    const contents = new Map<string, string>();
    for (const [object, updates] of this.live()) {
      contents.set(object, contentText(updates.map(({ data }) => data)));
    }
    return contents;
  }
}
