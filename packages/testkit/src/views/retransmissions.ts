/** L8: what is transmitted again is in proportion to what was lost. */
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
  override readonly sees: readonly RecordKind[] = ['transmitted', 'lost'];
  readonly #perLossMax: number;
  readonly #free: number;
  #lost = 0;
  #retransmitted = 0;

  constructor(perLossMax: number | null, free: number) {
    super();
    this.#perLossMax = perLossMax ?? Number.POSITIVE_INFINITY;
    this.#free = free;
  }

  override see(record: ViewsRecord): void {
    if (record.kind === 'transmitted') {
      if (record.retransmission) this.#retransmitted += 1;
    } else if (record.kind === 'lost' && !unreliable.has(record.type)) {
      this.#lost += 1;
    }
  }

  override finish(): void {
    const allowed = this.#lost === 0 ? this.#free : this.#lost * this.#perLossMax + this.#free;
    if (this.#perLossMax === Number.POSITIVE_INFINITY || this.#retransmitted <= allowed) return;
    this.violated(`${this.#retransmitted} retransmissions for ${this.#lost} lost copies`);
  }
}
