/** O3: who keeps no state is known as that. */
import type { ToolkitRecord } from '../vocabulary.ts';
import { ToolkitChecker } from './checker.ts';
import type { History } from './history.ts';

export class Observers extends ToolkitChecker {
  readonly property = 'O3';
  readonly promise =
    'An observer is in the views as that, never among those who hold the state, and gives it to nobody.';

  override see(record: ToolkitRecord, { stays }: History): void {
    const isObserver = (node: string): boolean => stays.get(node)?.observes === true;
    if (record.kind === 'snapshot' && isObserver(record.node)) {
      this.violated(`${record.node} observes, and gives the state`, record);
    }
    if (record.kind === 'restored' && isObserver(record.node) && !record.taken) {
      this.violated(`${record.node} observes, and is given a state`, record);
    }
    if (record.kind !== 'view') return;
    const { view, members, holders, observers } = record;
    const expected = members.filter(isObserver);
    if (expected.join() !== observers.join()) {
      this.violated(`in view ${view} ${observers} are said to observe, ${expected} do`, record);
    }
    for (const node of holders.filter(isObserver)) {
      this.violated(`in view ${view} ${node} is said to hold the state, and observes`, record);
    }
  }
}
