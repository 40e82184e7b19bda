/** Requests on their way to the worker. Writing and reading of a request stand side by side. */
import type {
  JournalCommit,
  JournalEntry,
  JournalRequest,
  JournalRow,
  JournalSnapshot,
} from '../contract.ts';
import type { FlatReader, FlatWriter } from './flat.ts';

const KIND = { commit: 0, 'read-entries': 1, 'read-rows': 2, 'read-rows-at': 3 } as const;

export function writeRequest(to: FlatWriter, request: JournalRequest): void {
  to.number(KIND[request.kind]);
  switch (request.kind) {
    case 'commit':
      writeCommit(to, request);
      return;
    case 'read-entries':
      to.number(request.after);
      to.number(request.maxBytes);
      return;
    case 'read-rows':
      to.number(request.space);
      to.number(request.after);
      to.number(request.upTo);
      to.number(request.maxBytes);
      return;
    case 'read-rows-at':
      to.number(request.space);
      to.number(request.maxBytes);
      to.number(request.seqs.length);
      for (const seq of request.seqs) to.number(seq);
      return;
    default: {
      const never: never = request;
      throw new TypeError(`unknown request ${JSON.stringify(never)}`);
    }
  }
}

export function readRequest(from: FlatReader): JournalRequest {
  const number = () => from.number();
  switch (from.number()) {
    case KIND['commit']:
      return readCommit(from);
    case KIND['read-entries']:
      return { kind: 'read-entries', after: number(), maxBytes: number() };
    case KIND['read-rows']: {
      const [space, after, upTo, maxBytes] = [number(), number(), number(), number()];
      return { kind: 'read-rows', space, after, upTo, maxBytes };
    }
    case KIND['read-rows-at']: {
      const [space, maxBytes] = [number(), number()];
      return { kind: 'read-rows-at', space, seqs: from.list(number), maxBytes };
    }
    default:
      throw new RangeError('a batch holds an unknown request');
  }
}

function writeCommit(to: FlatWriter, commit: JournalCommit): void {
  to.number(commit.entries.length);
  for (const { seq, epoch, bytes } of commit.entries) {
    to.number(seq);
    to.number(epoch);
    to.blob(bytes);
  }
  to.number(commit.rows.length);
  for (const { space, seq, bytes } of commit.rows) {
    to.number(space);
    to.number(seq);
    to.blob(bytes);
  }
  to.number(commit.applied);
  to.number(commit.snapshot === undefined ? 0 : 1);
  if (commit.snapshot !== undefined) {
    to.number(commit.snapshot.seq);
    to.blob(commit.snapshot.bytes);
  }
  to.number(commit.forget?.length ?? 0);
  for (const space of commit.forget ?? []) to.number(space);
}

function readCommit(from: FlatReader): JournalCommit {
  const entries = from.list(
    (): JournalEntry => ({ seq: from.number(), epoch: from.number(), bytes: from.blob() }),
  );
  const rows = from.list(
    (): JournalRow => ({ space: from.number(), seq: from.number(), bytes: from.blob() }),
  );
  const applied = from.number();
  const snapshots = from.list((): JournalSnapshot => ({ seq: from.number(), bytes: from.blob() }));
  const forget = from.list(() => from.number());
  const [snapshot] = snapshots;
  const commit = { kind: 'commit', entries, rows, applied, forget } as const;
  return snapshot === undefined ? commit : { ...commit, snapshot };
}
