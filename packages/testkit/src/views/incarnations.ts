/** S32: nothing of an old incarnation comes once the process was given a view with the new one. */
import { ViewsChecker } from './checker.ts';
import type { Delivery } from './history/delivery.ts';
import { processorOf, type RecordKind, type ViewsRecord } from './vocabulary.ts';

export class Incarnations extends ViewsChecker {
  readonly property = 'S32';
  readonly promise = 'Who was given a view with a new incarnation is given nothing of an old one.';
  override readonly sees: readonly RecordKind[] = ['view'];
  /** By group, process and processor: the incarnation that it was last in a view with. */
  readonly #known = new Map<string, Map<number, string>>();

  override see(record: ViewsRecord): void {
    if (record.kind !== 'view') return;
    const key = `${record.group} ${record.node}`;
    const known = this.#known.get(key) ?? new Map<number, string>();
    this.#known.set(key, known);
    for (const member of record.members) known.set(processorOf(member), member);
  }

  override delivered({ message, record }: Delivery): void {
    const known = this.#known.get(`${record.group} ${record.node}`)?.get(message.processor);
    if (known === undefined || known === message.sender) return;
    this.violated(`${message.id} comes to ${record.node} after a view with ${known}`, record);
  }
}
