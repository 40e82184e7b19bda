/** Reading the log in order, each entry checked against the chain (checksum.ts, K1). */
import type { DatabaseSync } from 'node:sqlite';
import type { JournalEntry } from '../contract.ts';
import { CHAIN_START, entryChain } from './checksum.ts';
import { damaged, faultOf } from './fault.ts';

export type ChainedEntry = JournalEntry & { readonly chain: number };

/** Yields every entry that is whole and in its place; throws a `DAMAGED` fault at the first other. */
export function* scanEntries(database: DatabaseSync): Generator<ChainedEntry, void> {
  let last: ChainedEntry | undefined;
  try {
    const all = database.prepare('SELECT seq, epoch, chain, bytes FROM entries ORDER BY seq');
    for (const row of all.iterate()) {
      last = entryAfter(last, row);
      yield last;
    }
  } catch (error) {
    throw faultOf(error, (last?.seq ?? 0) + 1);
  }
}

/** The stored row as the entry that follows `last`, or a `DAMAGED` fault. */
export function entryAfter(
  last: { readonly seq: number; readonly chain: number } | undefined,
  row: Readonly<Record<string, unknown>>,
): ChainedEntry {
  const { seq, epoch, chain, bytes } = row;
  if (
    typeof seq !== 'number' ||
    typeof epoch !== 'number' ||
    typeof chain !== 'number' ||
    !(bytes instanceof Uint8Array)
  ) {
    throw damaged('an entry has lost its form', (last?.seq ?? 0) + 1);
  }
  const expected = last === undefined ? seq : last.seq + 1;
  if (seq !== expected) throw damaged(`the entry after it is at ${seq}`, expected);
  if (chain !== entryChain(last?.chain ?? CHAIN_START, seq, epoch, bytes)) {
    // Of a first entry that does not start the chain nobody knows what preceded it.
    if (last === undefined) throw damaged(`the log starts wrongly, with entry ${seq}`, 1);
    throw damaged('its checksum does not match', seq);
  }
  return { seq, epoch, chain, bytes };
}
