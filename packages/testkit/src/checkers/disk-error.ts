/**
 * C15: a commit that failed is no acknowledgement, and after it the process logs nothing any more: only a new
 * opening, which reads everything again, may go on (J4 of the journal's contract).
 */
import { Checker } from './checker.ts';
import type { RecordKind, TraceRecord } from './vocabulary.ts';

export class DiskError extends Checker {
  readonly property = 'C15';
  readonly promise = 'After a failed sync nothing is acknowledged or logged before a new opening.';
  override readonly sees: readonly RecordKind[] = ['opened', 'synced', 'failed', 'entry', 'sent'];
  /** By server: what was synced when its journal failed; null while it works. */
  readonly #failedAt = new Map<string, number | null>();
  #synced = 0;

  override see(record: TraceRecord): void {
    const failedAt = this.#failedAt.get(record.node) ?? null;
    switch (record.kind) {
      case 'opened':
        this.#failedAt.set(record.node, null);
        return;
      case 'failed':
        if (failedAt === null) this.#failedAt.set(record.node, this.#synced);
        return;
      case 'synced':
        this.#synced = Math.max(this.#synced, record.seq);
        if (failedAt !== null) this.violated('synced after a failure', record);
        return;
      case 'entry':
        if (failedAt !== null) this.violated(`entry ${record.seq} after a failure`, record);
        return;
      case 'sent':
        if (failedAt === null || record.seq <= failedAt) return;
        this.violated(`told of ${record.seq}; the disk failed at ${failedAt}`, record);
        return;
      default:
    }
  }
}
