/** S34: who was told that its side is no quorum of its view is given nothing until it is told that it is one again. */
import { ViewsChecker } from './checker.ts';
import type { Delivery } from './history/delivery.ts';
import type { RecordKind, ViewsRecord } from './vocabulary.ts';

type Told = { readonly node: string; readonly group: number };

export class Minorities extends ViewsChecker {
  readonly property = 'S34';
  readonly promise =
    'Nobody is given anything between the news that it is blocked and that it goes on.';
  override readonly sees: readonly RecordKind[] = ['blocked', 'unblocked', 'view'];
  readonly #blocked = new Set<string>();

  override see(record: ViewsRecord): void {
    switch (record.kind) {
      case 'blocked':
        this.#blocked.add(keyOf(record));
        return;
      case 'unblocked':
        this.#blocked.delete(keyOf(record));
        return;
      case 'view':
        this.#given(`view ${record.view}`, record);
        return;
      default:
    }
  }

  override delivered({ record }: Delivery): void {
    this.#given(record.message, record);
  }

  #given(what: string, record: ViewsRecord & Told): void {
    if (!this.#blocked.has(keyOf(record))) return;
    this.violated(`${record.node} is given ${what}, and is blocked`, record);
  }
}

function keyOf({ node, group }: Told): string {
  return `${node} ${group}`;
}
