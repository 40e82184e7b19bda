/** P1: no client sees the server break the protocol: an unexpected message, a position that goes back. */
import { Checker } from './checker.ts';
import type { RecordKind, TraceRecord } from './vocabulary.ts';

export class ProtocolKept extends Checker {
  readonly property = 'P1';
  readonly promise = 'What the server sends is what the protocol lets it send.';
  override readonly sees: readonly RecordKind[] = ['violation'];

  override see(record: TraceRecord): void {
    if (record.kind === 'violation') this.violated(record.message, record);
  }
}
