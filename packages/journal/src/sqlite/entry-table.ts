/** The log as its owner appends to it and reads from it. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JournalEntry } from '../contract.ts';
import { CHAIN_START, entryChain } from './checksum.ts';
import { entryAfter } from './entry-scan.ts';
import { damaged, faultOf } from './fault.ts';
import type { LogEnd } from './inspection.ts';

/** What an entry or row costs in a reply beside its bytes; keeps replies of empty ones bounded. */
export const ITEM_OVERHEAD_BYTES = 48;

export class EntryTable {
  readonly #insert: StatementSync;
  readonly #chainAt: StatementSync;
  readonly #from: StatementSync;
  #end: LogEnd;

  constructor(database: DatabaseSync, end: LogEnd) {
    this.#insert = database.prepare(
      'INSERT INTO entries (seq, epoch, chain, bytes) VALUES (?, ?, ?, ?)',
    );
    this.#chainAt = database.prepare('SELECT chain FROM entries WHERE seq = ?');
    this.#from = database.prepare(
      'SELECT seq, epoch, chain, bytes FROM entries WHERE seq > ? ORDER BY seq',
    );
    this.#end = end;
  }

  get end(): LogEnd {
    return this.#end;
  }

  append({ seq, epoch, bytes }: JournalEntry): void {
    const { first, chain: previous } = this.#end;
    const chain = entryChain(previous, seq, epoch, bytes);
    this.#insert.run(seq, epoch, chain, bytes);
    this.#end = { first: first || seq, seq, epoch, chain };
  }

  /** Entries after `after`, at least one if there is any, then up to about `maxBytes` in all. */
  read(after: number, maxBytes: number): JournalEntry[] {
    const entries: JournalEntry[] = [];
    if (after >= this.#end.seq) return entries;
    const start = Math.max(after, this.#end.first - 1);
    let last = { seq: start, chain: this.#chainBefore(start + 1) };
    let bytes = 0;
    try {
      for (const row of this.#from.iterate(start)) {
        const entry = entryAfter(last, row);
        bytes += entry.bytes.length + ITEM_OVERHEAD_BYTES;
        if (bytes > maxBytes && entries.length > 0) return entries;
        entries.push(entry);
        last = entry;
      }
    } catch (error) {
      throw faultOf(error, last.seq + 1);
    }
    if (last.seq < this.#end.seq) throw damaged('the entries from here on are gone', last.seq + 1);
    return entries;
  }

  /** The chain value that the entry at `seq` continues. */
  #chainBefore(seq: number): number {
    if (seq === this.#end.first) return CHAIN_START;
    const chain = this.#chainAt.get(seq - 1)?.['chain'];
    if (typeof chain !== 'number') throw damaged('the entry is gone', seq - 1);
    return chain;
  }
}
