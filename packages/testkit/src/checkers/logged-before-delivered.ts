/** C1: what any client is sent, and what any sender is told, is synced first (paper §4). */
import { Checker } from './checker.ts';
import type { RecordKind, TraceRecord } from './vocabulary.ts';

export class LoggedBeforeDelivered extends Checker {
  readonly property = 'C1';
  readonly promise = 'Logged, then delivered: a position that a client learns of is synced.';
  override readonly sees: readonly RecordKind[] = [
    'synced',
    'sent',
    'delivered',
    'settled',
    'refused',
    'block',
  ];
  #synced = 0;

  override see(record: TraceRecord): void {
    if (record.kind === 'synced') {
      this.#synced = Math.max(this.#synced, record.seq);
    } else if ('seq' in record && record.seq > this.#synced) {
      const what = record.kind === 'sent' ? record.message : record.kind;
      const text = `${what} tells of position ${record.seq}; the disk has ${this.#synced}`;
      this.violated(text, record);
    }
  }
}
