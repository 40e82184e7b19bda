/** C4: nothing that a sender was told is settled is ever lost: not by a kill, not by a power loss. */
import { Checker } from './checker.ts';
import { causeOf } from './group-event.ts';
import type { History } from './history/history.ts';
import type { Identity } from './history/processes.ts';
import type { RecordKind, RecordOf, TraceRecord } from './vocabulary.ts';

export class AckedKept extends Checker {
  readonly property = 'C4';
  readonly promise = 'What was acknowledged is in the log for ever, at the position told.';
  override readonly sees: readonly RecordKind[] = ['settled', 'opened', 'kept'];
  readonly #kept = new Map<number, RecordOf<'kept'>>();
  #acked = 0;

  override see(record: TraceRecord): void {
    if (record.kind === 'settled') {
      this.#acked = Math.max(this.#acked, record.seq);
    } else if (record.kind === 'kept') {
      this.#kept.set(record.seq, record);
    } else if (record.kind === 'opened' && record.head < this.#acked) {
      const text = `the log ends at ${record.head}; position ${this.#acked} was acknowledged`;
      this.violated(text, record);
    }
  }

  override finish(history: History): void {
    for (const identity of history.processes.identities.values()) {
      if (identity.role === 'raw') continue;
      for (const told of identity.told.values()) {
        const settled = told.filter((one) => one.kind === 'settled');
        for (const one of settled) this.#judge(one, settled[0] ?? one, identity, history);
      }
    }
  }

  #judge(
    settled: RecordOf<'settled'>,
    first: RecordOf<'settled'>,
    { name, client, calls }: Identity,
    { log }: History,
  ): void {
    const { seq, localId } = settled;
    const what = `local id ${localId} of ${name}`;
    // A lock request is settled when it waits, and for who asks again, when it is granted.
    if (first.seq !== seq && calls.get(localId)?.body !== 'lock_request') {
      this.violated(`${what} was settled at ${first.seq} and at ${seq}`, settled);
    }
    const kept = this.#kept.get(seq);
    if (kept?.client === client && kept.localId === localId) return;
    // A waiting lock request takes effect at another's position.
    const events = log.step(seq)?.units.flatMap((unit) => unit.events) ?? [];
    const granted = events.some((event) => {
      const cause = causeOf(event);
      return cause?.client === client && cause.localId === localId;
    });
    if (kept === undefined || !granted) {
      this.violated(`${what}, settled at ${seq}, is not in the log there`, settled);
    }
  }
}
