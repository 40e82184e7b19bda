/**
 * C2: one position, one entry, for ever: across restarts, over power losses, at every client. New entries
 * have new positions, and epochs never go back (O2 of the ordering's contract).
 */
import { Checker } from './checker.ts';
import { eventText } from './group-event.ts';
import type { History } from './history/history.ts';
import type { Logged } from './history/server-log.ts';
import { type Delivered, deliveryText } from './history/stream.ts';
import { visibleTo } from './visible.ts';
import type { RecordKind, RecordOf, TraceRecord } from './vocabulary.ts';

type Entry = RecordOf<'entry'>;

export class PositionsUnique extends Checker {
  readonly property = 'C2';
  readonly promise = 'A position never stands for two different things, and never goes back.';
  override readonly sees: readonly RecordKind[] = ['entry', 'logged'];
  readonly #entries = new Map<number, Entry>();
  readonly #events = new Map<string, Logged>();
  #last: Entry | null = null;

  override see(record: TraceRecord): void {
    if (record.kind === 'entry') this.#seeEntry(record);
    else if (record.kind === 'logged') this.#seeLogged(record);
  }

  /** Every client was given what the log has. */
  override finish({ log, processes }: History): void {
    for (const { streams, identity } of processes.clients) {
      for (const stream of streams.values()) {
        for (const item of stream.items) {
          if (item.kind !== 'delivery') continue;
          const unit = log.unitNamed(stream.group, item.seq);
          const expected = visibleTo(unit?.events ?? [], identity.client, item.scope);
          this.#compare(item.events, expected, unit === null);
        }
      }
    }
  }

  #seeEntry(entry: Entry): void {
    const known = this.#entries.get(entry.seq);
    if (known === undefined) {
      const { seq = 0, epoch = 0 } = this.#last ?? {};
      if (entry.seq <= seq) this.violated(`entry ${entry.seq} was added behind ${seq}`, entry);
      if (entry.epoch < epoch) this.violated(`epoch ${entry.epoch} follows ${epoch}`, entry);
      this.#entries.set(entry.seq, entry);
      this.#last = entry;
    } else if (entryText(known) !== entryText(entry)) {
      const [was, is] = [entryText(known), entryText(entry)];
      this.violated(`position ${entry.seq} was "${was}" and is now "${is}"`, entry);
    }
  }

  #seeLogged(logged: Logged): void {
    const key = `${logged.seq} ${logged.created} ${logged.index}`;
    const known = this.#events.get(key);
    if (known === undefined) {
      this.#events.set(key, logged);
      return;
    }
    const [was, is] = [known, logged].map((one) => `${one.of} ${eventText(one)}`);
    if (was === is) return;
    this.violated(`position ${logged.seq} gave "${was}" and now gives "${is}"`, logged);
  }

  #compare(events: readonly Delivered[], expected: readonly Logged[], unknown: boolean): void {
    const [first] = events;
    if (first === undefined) return;
    if (unknown) {
      this.violated(`${first.group} has nothing at ${first.seq} in the log`, first);
      return;
    }
    const got = deliveryText(events);
    const logged = expected.map(eventText).join('; ');
    if (got === logged && first.of === events.length) return;
    this.violated(`at ${first.seq} the log has "${logged}", the client received "${got}"`, first);
  }
}

/** Everything but when and where it was recorded. */
function entryText(entry: Entry): string {
  const { t: _, node: __, late: ___, ...fields } = entry;
  return Object.values(fields).join(' ');
}
