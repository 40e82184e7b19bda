/**
 * Replies on their way back. `failed` is not among them: a failure ends the journal, so it is a
 * message of its own and answers everything that is still open.
 */
import type { JournalEntry, JournalReply, JournalRow } from '../contract.ts';
import type { FlatReader, FlatWriter } from './flat.ts';

const KIND = { committed: 0, entries: 1, rows: 2 } as const;

export type SettledReply = Exclude<JournalReply, { kind: 'failed' }>;

export function writeReply(to: FlatWriter, reply: SettledReply): void {
  to.number(KIND[reply.kind]);
  switch (reply.kind) {
    case 'committed':
      to.number(reply.head);
      return;
    case 'entries':
      to.number(reply.entries.length);
      for (const { seq, epoch, bytes } of reply.entries) {
        to.number(seq);
        to.number(epoch);
        to.blob(bytes);
      }
      return;
    case 'rows':
      to.number(reply.done ? 1 : 0);
      to.number(reply.rows.length);
      for (const { space, seq, bytes } of reply.rows) {
        to.number(space);
        to.number(seq);
        to.blob(bytes);
      }
      return;
    default: {
      const never: never = reply;
      throw new TypeError(`unknown reply ${JSON.stringify(never)}`);
    }
  }
}

export function readReply(from: FlatReader): SettledReply {
  switch (from.number()) {
    case KIND.committed:
      return { kind: 'committed', head: from.number() };
    case KIND.entries: {
      const entry = (): JournalEntry => ({
        seq: from.number(),
        epoch: from.number(),
        bytes: from.blob(),
      });
      return { kind: 'entries', entries: from.list(entry) };
    }
    case KIND.rows: {
      const done = from.number() === 1;
      const row = (): JournalRow => ({
        space: from.number(),
        seq: from.number(),
        bytes: from.blob(),
      });
      return { kind: 'rows', done, rows: from.list(row) };
    }
    default:
      throw new RangeError('a batch holds an unknown reply');
  }
}
