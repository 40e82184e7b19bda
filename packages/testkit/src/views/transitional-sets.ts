/** S11: the transitional set of a view names those who come from the same view, and nobody else. */
import { ViewsChecker } from './checker.ts';
import type { History } from './history/history.ts';
import type { Period } from './history/view.ts';

export class TransitionalSets extends ViewsChecker {
  readonly property = 'S11';
  readonly promise =
    'A transitional set holds the process itself and, of those who were given the view, exactly those who come from the same one.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const { periods } of group.views.values()) {
        for (const period of periods) {
          const set = new Set(period.record.transitional);
          this.#bounds(period, set);
          for (const other of periods) {
            if (other.node !== period.node) this.#pair(period, set, other);
          }
        }
      }
    }
  }

  #bounds(period: Period, set: ReadonlySet<string>): void {
    const { node, view, previous, record } = period;
    if (!set.has(node)) this.violated(`${node} is not in its transitional set`, record);
    for (const member of set) {
      if (member === node) continue;
      if (!view.members.has(member)) {
        this.violated(`${member} of the transitional set is no member of ${view.id}`, record);
      } else if (previous === null || !previous.view.members.has(member)) {
        this.violated(`${member} of the transitional set was not in the view before`, record);
      }
    }
  }

  #pair(period: Period, set: ReadonlySet<string>, other: Period): void {
    const { node, view, previous, record } = period;
    const isTogether = previous !== null && previous.view === other.previous?.view;
    if (isTogether === set.has(other.node)) return;
    const text = `${other.node} ${isTogether ? 'comes' : 'does not come'} to ${view.id} from the`;
    const wrong = isTogether ? 'is not in' : 'is in';
    this.violated(`${text} view of ${node} and ${wrong} its transitional set`, record);
  }
}
