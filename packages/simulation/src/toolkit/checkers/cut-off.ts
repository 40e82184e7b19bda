/**
 * How far those who did not go on to the next view went together with those who did.
 *
 * Who crashes, or is removed by the others, may have been told multicasts that only it, and those removed with it, had received: nobody else
 * is told of them. That ends with the last one that was safe: all members held it, and everything before it.
 */
import type { Place, RecordOf, ToolkitRecord } from '../vocabulary.ts';
import type { History } from './history.ts';

export class CutOff {
  /** The last place of each member that it shares with the others; none of those who were never cut off. */
  readonly #shared = new Map<string, Place>();

  /** @param history of all of `records` */
  constructor(records: readonly ToolkitRecord[], history: History) {
    const present = new Set(history.atRest().map(({ node }) => node));
    for (const { node, view } of history.stays.values()) {
      if (view !== null && !present.has(node)) {
        this.#shared.set(node, { view: view.view, count: 0 });
      }
    }
    for (const record of records) {
      if (record.kind === 'told') this.#told(record, history);
    }
  }

  /** Whether the others went through this place of the record's member as it did. */
  isShared({ node, view, count }: Place & { readonly node: string }): boolean {
    const last = this.#shared.get(node);
    return last === undefined || view < last.view || count <= last.count;
  }

  #told({ node, group, message, form, view, count }: RecordOf<'told'>, { groups }: History): void {
    if (form !== 'multicast' || this.#shared.get(node)?.view !== view) return;
    if (groups.get(group)?.said.get(message)?.safe !== true) return;
    this.#shared.set(node, { view, count });
  }
}
