/**
 * L8: what is transmitted again is in proportion to what was lost. What a joiner takes before its first view may have been sent before it could be
 * reached: to it that was lost.
 */
import { ViewsChecker } from './checker.ts';
import type { DatagramType, RecordKind, ViewsRecord } from './vocabulary.ts';

const unreliable: ReadonlySet<DatagramType> = new Set<DatagramType>([
  'RetransmitRequest',
  'Heartbeat',
  'ConnectRequest',
]);

export class Retransmissions extends ViewsChecker {
  readonly property = 'L8';
  readonly promise = 'Each lost copy of a reliable datagram costs few retransmissions.';
  override readonly sees: readonly RecordKind[] = ['transmitted', 'lost', 'stored', 'view'];
  readonly #perLossMax: number;
  readonly #free: number;
  /** By group and process. */
  readonly #installed = new Set<string>();
  #lost = 0;
  #retransmitted = 0;

  constructor(perLossMax: number | null, free: number) {
    super();
    this.#perLossMax = perLossMax ?? Number.POSITIVE_INFINITY;
    this.#free = free;
  }

  override see(record: ViewsRecord): void {
    switch (record.kind) {
      case 'transmitted':
        if (record.retransmission) this.#retransmitted += 1;
        break;
      case 'lost':
        if (!unreliable.has(record.type)) this.#lost += 1;
        break;
      case 'view':
        this.#installed.add(`${record.group} ${record.node}`);
        break;
      case 'stored':
        if (record.source === record.node) break;
        if (!this.#installed.has(`${record.group} ${record.node}`)) this.#lost += 1;
        break;
      default:
    }
  }

  override finish(): void {
    const allowed = this.#lost === 0 ? this.#free : this.#lost * this.#perLossMax + this.#free;
    if (this.#perLossMax === Number.POSITIVE_INFINITY || this.#retransmitted <= allowed) return;
    this.violated(`${this.#retransmitted} retransmissions for ${this.#lost} lost copies`);
  }
}
