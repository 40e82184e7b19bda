/**
 * C14: an opened log holds everything that was ever synced; where it does not, opening is refused and says
 * from where on (J5 of the journal's contract). Bytes on a real disk are judged by the journal's tests.
 */
import { Checker } from './checker.ts';
import type { RecordKind, TraceRecord } from './vocabulary.ts';

export class LogTail extends Checker {
  readonly property = 'C14';
  readonly promise = 'Opening yields all that was synced, or refuses and names the damage.';
  override readonly sees: readonly RecordKind[] = ['synced', 'opened', 'unopened'];
  #synced = 0;

  override see(record: TraceRecord): void {
    if (record.kind === 'synced') {
      this.#synced = Math.max(this.#synced, record.seq);
    } else if (record.kind === 'opened' && record.head < this.#synced) {
      const text = `opened up to ${record.head}, and ${this.#synced} had been synced`;
      this.violated(text, record);
    } else if (record.kind === 'unopened' && record.code === 'DAMAGED' && record.at === 0) {
      this.violated('the opening was refused without the position of the damage', record);
    }
  }
}
