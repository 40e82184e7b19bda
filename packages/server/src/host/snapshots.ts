/** Takes snapshots: the state of the service, and what the host itself remembers, as of the head. */
import type { Ordering } from '@choir/ordering';
import type { Epochs } from './epochs.ts';
import type { FeedContext } from './feed-context.ts';
import { encodeHostSnapshot } from './host-snapshot.ts';
import type { RowStore } from './row-store.ts';

type Parts = {
  readonly ordering: Ordering;
  readonly rows: RowStore;
  readonly context: FeedContext;
  readonly epochs: Epochs;
};

/** Bytes of entries for each byte of snapshot, at least. */
const logPerSnapshot = 2;

export class Snapshots {
  readonly #parts: Parts;
  #entries = 0;
  #bytes = 0;
  #lastBytes: number;

  constructor(parts: Parts, lastBytes: number) {
    this.#parts = parts;
    this.#lastBytes = lastBytes;
  }

  /** An entry of so many bytes was applied since the last one. */
  applied(bytes: number): void {
    this.#entries += 1;
    this.#bytes += bytes;
  }

  /**
   * After enough entries that a restart would notice, and never so often that snapshots cost more
   * than a part of the log. (Making one is a pause for everybody.)
   */
  takeIfDue(): void {
    const { snapshotEntries, snapshotEntryBytes } = this.#parts.context.settings;
    if (this.#entries < snapshotEntries && this.#bytes < snapshotEntryBytes) return;
    if (this.#bytes >= logPerSnapshot * this.#lastBytes) this.#take();
  }

  /** At an orderly end, to spare the next start the work. True when there was any. */
  takeLast(): boolean {
    if (this.#entries === 0) return false;
    this.#take();
    return true;
  }

  #take(): void {
    const { ordering, rows, context, epochs } = this.#parts;
    const bytes = encodeHostSnapshot({
      epochs: epochs.starts,
      unforgotten: context.streams.unforgotten(),
      service: context.service.snapshot(),
    });
    rows.hurry();
    ordering.keep({ at: context.log.head, bytes });
    this.#entries = 0;
    this.#bytes = 0;
    this.#lastBytes = bytes.length;
  }
}
