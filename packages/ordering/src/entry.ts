/**
 * How an ordered entry is stored in a journal: its place stands beside the bytes (`seq`, `epoch`),
 * everything else is in them. The payload comes last, so that it can be read as a view.
 *
 * Invariants:
 * E1 What was encoded is decoded to an equal entry.
 * E2 Decoding never throws. What does not decode was not written by this version, or the journal's
 *    checksums have failed their purpose; either way the log must not be read on.
 */
import { Reader, UnencodableError, Writer } from '@choir/bytes';
import type { JournalEntry } from '@choir/journal';
import {
  blob,
  type Codec,
  type Infer,
  limits,
  list,
  natural,
  position,
  record,
  text,
  union,
} from '@choir/protocol';
import type { Ordered } from './contract.ts';

/** The longest submission: what one frame of the transport can bring. */
export const submissionBytesMax = limits.frameBytes;

const incarnationBytesMax = 100;
/** Nodes of a configuration, and lives that ended before one view. */
const membersMax = 1_000;

const incarnation = text(incarnationBytesMax);
const incarnations = list(incarnation, membersMax);

/** Numbers are stored in logs; never reuse one. */
const stored = union({
  entry: [
    1,
    record({
      previous: position,
      time: natural,
      source: incarnation,
      n: natural,
      bytes: blob(submissionBytesMax),
    }),
  ],
  members: [
    2,
    record({ previous: position, time: natural, nodes: incarnations, gone: incarnations }),
  ],
});

type Stored = Infer<typeof stored>;

/** What is wrong with stored bytes, as a clause. */
export type Undecodable = { readonly kind: 'undecodable'; readonly problem: string };

const writer = new Writer();

/** Nothing of `ordered` is kept. */
export function encodeOrdered(ordered: Ordered): Uint8Array {
  writer.clear();
  (stored as Codec<Stored>).write(writer, ordered);
  return writer.take();
}

/** Many at once, as views of one array: an array for each costs more than its encoding. */
export function encodeEntries(entries: readonly Ordered[]): readonly JournalEntry[] {
  writer.clear();
  const ends: number[] = [];
  for (const ordered of entries) {
    (stored as Codec<Stored>).write(writer, ordered);
    ends.push(writer.length);
  }
  const all = writer.take();
  return entries.map(({ at: { seq, epoch } }, index) => {
    const bytes = all.subarray(index === 0 ? 0 : ends[index - 1], ends[index]);
    return { seq, epoch, bytes };
  });
}

/** The payload is a view of `entry.bytes`. */
export function decodeOrdered(entry: JournalEntry): Ordered | Undecodable {
  const reader = new Reader(entry.bytes);
  const value = stored.read(reader);
  if (reader.remaining > 0) reader.fail('FORM', 'bytes follow the entry');
  if (reader.failure !== null) return undecodable(reader.failure.problem);
  const { seq, epoch } = entry;
  if (value.previous.seq >= seq || value.previous.epoch > epoch) {
    return undecodable('the entry follows one that comes later');
  }
  if (value.kind === 'entry' && value.n === 0) return undecodable('submissions count from 1');
  return { ...value, at: { epoch, seq } };
}

/** Throws unless this incarnation can be written: a mistake of whoever named the node. */
export function assertIncarnation(name: string): void {
  if (name === '') throw new UnencodableError('an incarnation without a name');
  incarnation.write(new Writer(), name);
}

function undecodable(problem: string): Undecodable {
  return { kind: 'undecodable', problem };
}
