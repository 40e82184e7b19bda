/** Driving a journal in a case: requests as promises, and commits in a few words. */
import type {
  JournalCommit,
  JournalEntry,
  JournalOpened,
  JournalReply,
  JournalRequest,
  JournalRow,
} from '../contract.ts';
import type { Journal } from '../journal.ts';
import { claim } from './claims.ts';
import type { JournalStand } from './stand.ts';

export type Session = {
  readonly opened: JournalOpened;
  readonly journal: Journal;
  ask(request: JournalRequest): Promise<JournalReply>;
};

/** Opens the journal, which must succeed. */
export async function openSession(stand: JournalStand): Promise<Session> {
  const result = await stand.open();
  claim(result.ok, `the opening failed: ${result.ok ? '' : JSON.stringify(result.failure)}`);
  const { opened, journal } = result;
  return {
    opened,
    journal,
    ask: (request) => new Promise((resolve) => journal.request(request, resolve)),
  };
}

export function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

export function entry(seq: number, content = `entry ${seq}`, epoch = 1): JournalEntry {
  return { seq, epoch, bytes: text(content) };
}

export function row(space: number, seq: number, content = `row ${space}/${seq}`): JournalRow {
  return { space, seq, bytes: text(content) };
}

/** Consecutive entries, both ends included. */
export function entries(first: number, last: number): JournalEntry[] {
  return Array.from({ length: last - first + 1 }, (_, index) => entry(first + index));
}

/** A commit of nothing, with what differs. */
export function commit(parts: Partial<Omit<JournalCommit, 'kind'>>): JournalCommit {
  return { kind: 'commit', entries: [], rows: [], applied: 0, ...parts };
}

const PLENTY_BYTES = 1 << 20;

export function readEntries(after: number, maxBytes = PLENTY_BYTES): JournalRequest {
  return { kind: 'read-entries', after, maxBytes };
}

export function readRows(
  space: number,
  after: number,
  upTo: number,
  maxBytes = PLENTY_BYTES,
): JournalRequest {
  return { kind: 'read-rows', space, after, upTo, maxBytes };
}

export function readRowsAt(
  space: number,
  seqs: readonly number[],
  maxBytes = PLENTY_BYTES,
): JournalRequest {
  return { kind: 'read-rows-at', space, seqs, maxBytes };
}

/** Every entry, gathered in as many readings as it takes. */
export async function allEntries(
  session: Session,
  maxBytes = PLENTY_BYTES,
): Promise<JournalEntry[]> {
  const found: JournalEntry[] = [];
  for (;;) {
    const reply = await session.ask(readEntries(found.at(-1)?.seq ?? 0, maxBytes));
    claim(reply.kind === 'entries', `a reading was answered ${reply.kind}`);
    if (reply.entries.length === 0) return found;
    found.push(...reply.entries);
  }
}

/** Every row of a space, gathered in as many readings as it takes. */
export async function allRows(
  session: Session,
  space: number,
  maxBytes = PLENTY_BYTES,
): Promise<JournalRow[]> {
  const found: JournalRow[] = [];
  for (;;) {
    const after = found.at(-1)?.seq ?? 0;
    const reply = await session.ask(readRows(space, after, Number.MAX_SAFE_INTEGER, maxBytes));
    claim(reply.kind === 'rows', `a reading was answered ${reply.kind}`);
    claim(reply.done || reply.rows.length > 0, 'a reading brought nothing and is not done');
    found.push(...reply.rows);
    if (reply.done) return found;
  }
}
