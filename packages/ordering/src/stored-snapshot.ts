/**
 * How a snapshot is stored in a journal: the epoch of its position, then the host's own bytes. The
 * journal itself keeps only the `seq` beside them.
 */
import { Reader, Writer } from '@choir/bytes';
import type { JournalSnapshot } from '@choir/journal';
import type { Snapshot } from './contract.ts';

export function encodeSnapshot({ at, bytes }: Snapshot): JournalSnapshot {
  const writer = new Writer(bytes.length + 16);
  writer.natural(at.epoch);
  writer.raw(bytes);
  return { seq: at.seq, bytes: writer.take() };
}

/** The bytes are a view of the stored ones; null when they are none of ours. */
export function decodeSnapshot(stored: JournalSnapshot): Snapshot | null {
  const reader = new Reader(stored.bytes);
  const epoch = reader.natural();
  const bytes = reader.raw(reader.remaining);
  return reader.failed ? null : { at: { epoch, seq: stored.seq }, bytes };
}
