/** L7: what a process holds is bounded, and nothing is held when all has been quiet for a while. */
import type { Bounds } from './bounds.ts';
import { ViewsChecker } from './checker.ts';
import type { History } from './history/history.ts';
import type { RecordKind, RecordOf, ViewsRecord } from './vocabulary.ts';

export class Buffers extends ViewsChecker {
  readonly property = 'L7';
  readonly promise = 'Buffers are bounded, and empty soon after the last message.';
  override readonly sees: readonly RecordKind[] = ['buffered'];
  readonly #messagesMax: number;
  readonly #bytesMax: number;
  readonly #drainMsMax: number;
  readonly #last = new Map<string, RecordOf<'buffered'>>();

  constructor(bounds: Bounds) {
    super();
    this.#messagesMax = bounds.bufferedMessagesMax ?? Number.POSITIVE_INFINITY;
    this.#bytesMax = bounds.bufferedBytesMax ?? Number.POSITIVE_INFINITY;
    this.#drainMsMax = bounds.drainMsMax ?? 1_000;
  }

  override see(record: ViewsRecord, { quietAt }: History): void {
    if (record.kind !== 'buffered') return;
    const { node, messages, bytes, t } = record;
    this.#last.set(`${record.group} ${node}`, record);
    if (messages > this.#messagesMax || bytes > this.#bytesMax) {
      this.violated(`${node} holds ${messages} messages, ${bytes} bytes`, record);
    }
    if (quietAt !== null && t > quietAt + this.#drainMsMax && messages > 0) {
      const text = `${node} holds ${messages} messages`;
      this.violated(`${text} ${Math.round(t - quietAt)} ms after the last was sent`, record);
    }
  }

  override finish(history: History): void {
    for (const record of this.#last.values()) {
      const stay = history.group(record.group).stayOf(record.node);
      if (stay === null || !history.isAtRest(stay) || record.messages === 0) continue;
      this.violated(`${record.node} holds ${record.messages} messages in the end`, record);
    }
  }
}
