/**
 * What a server does, as records: seen from outside, in what passes between it, its journal and its
 * connections. Nothing of the server's own state is asked.
 */
import { Reader } from '@choir/bytes';
import { type Command, command } from '@choir/groups';
import type { JournalCommit, JournalEntry, JournalReply, JournalRow } from '@choir/journal';
import { decodeOrdered, type Ordered } from '@choir/ordering';
import { decodeFrame, type FromServer, fromServer, limits } from '@choir/protocol';
import { fingerprint } from '@choir/testkit';
import type { EntryCommand } from '@choir/testkit/checkers';
import { recorded } from './group-events.ts';
import type { Recorder } from './recorder.ts';
import { bodyOf, partFields, partsOf } from './submissions.ts';

export class ServerRecorder {
  readonly recorder: Recorder;
  /** Entries are recorded once; a later life reads them again. */
  #newest = 0;

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  /** `entries`: all that the disk holds. What an earlier life had committed and did not live to say is late. */
  opened(
    life: number,
    { head, clean }: { head: JournalHead; clean: boolean },
    entries: readonly JournalEntry[],
  ): void {
    this.recorder.record('opened', { life, head: head.seq, epoch: head.epoch, clean });
    this.recorder.record('synced', { seq: head.seq });
    const first = entries.findLastIndex(({ seq }) => seq <= this.#newest) + 1;
    for (const entry of entries.slice(first)) this.#entry(entry, true);
  }

  rows(rows: readonly JournalRow[]): void {
    for (const row of rows) this.#row(row);
  }

  committed({ entries }: JournalCommit): void {
    const last = entries.at(-1);
    if (last !== undefined) this.recorder.record('synced', { seq: last.seq });
    for (const entry of entries) this.#entry(entry, false);
  }

  replied(reply: JournalReply): void {
    if (reply.kind === 'failed') this.recorder.record('failed', { code: reply.failure.code });
  }

  kept(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      const ordered = decode(entry);
      const submit = ordered.kind === 'entry' ? commandOf(ordered.bytes) : null;
      const known = submit?.kind === 'submit' ? submit : null;
      const client = known?.client ?? '';
      const localId = known?.submission.localId ?? 0;
      this.recorder.record('kept', { seq: entry.seq, client, localId });
    }
  }

  sent(client: string, message: FromServer): void {
    const group = 'group' in message ? message.group : '';
    const localId = 'localId' in message ? message.localId : 0;
    const code = 'code' in message ? message.code : '';
    const position = 'at' in message ? message.at : 'head' in message ? message.head : undefined;
    const seq = position?.seq ?? 0;
    this.recorder.record('sent', { client, message: message.kind, group, seq, localId, code });
  }

  #entry(entry: JournalEntry, late: boolean): void {
    if (entry.seq <= this.#newest) return;
    this.#newest = entry.seq;
    const ordered = decode(entry);
    const { time } = ordered;
    const place = { seq: entry.seq, epoch: entry.epoch, late, time };
    if (ordered.kind === 'members') {
      const { gone } = ordered;
      this.recorder.record('entry', { ...place, source: '', n: 0, command: 'members', gone });
      return;
    }
    const { source, n } = ordered;
    const decoded = commandOf(ordered.bytes);
    this.recorder.record('entry', { ...place, source, n, ...commandFields(decoded) });
    if (decoded.kind !== 'submit') return;
    for (const [index, part] of partsOf(decoded.submission.body).entries()) {
      const head = { seq: entry.seq, localId: 0, index, group: part.group };
      this.recorder.record('part', { ...head, ...partFields(part) });
    }
  }

  #row({ space, bytes }: JournalRow): void {
    const decoded = decodeFrame(fromServer, bytes, limits.frameBytes);
    for (const message of decoded.ok ? decoded.messages : []) {
      if (message.kind !== 'delivery') throw new Error(`A row of ${space} is a ${message.kind}.`);
      const { group, at, time, events } = message;
      const head = { seq: at.seq, group, created: space, time, of: events.length };
      for (const [index, event] of events.entries()) {
        this.recorder.record('logged', { ...head, index, ...recorded(event) });
      }
    }
  }
}

type JournalHead = { readonly seq: number; readonly epoch: number };

function decode(entry: JournalEntry): Ordered {
  const ordered = decodeOrdered(entry);
  if (ordered.kind === 'undecodable') throw new Error(`Entry ${entry.seq}: ${ordered.problem}`);
  return ordered;
}

function commandOf(bytes: Uint8Array): Command {
  return command.read(new Reader(bytes));
}

function commandFields(decoded: Command): EntryCommand {
  switch (decoded.kind) {
    case 'attach':
      return {
        command: 'attach',
        client: decoded.client,
        secret: fingerprint(decoded.secretHash),
      };
    case 'detach':
      return { command: 'detach', client: decoded.client, session: decoded.session };
    case 'submit': {
      const { client, session, privileged, submission } = decoded;
      const { group, localId, previous, body } = submission;
      const head = { client, session, privileged, group, localId, previous };
      return { command: 'submit', ...head, ...bodyOf(body) };
    }
    case 'join': {
      const { client, session, targets } = decoded;
      return { command: 'join', client, session, groups: targets.map(({ group }) => group) };
    }
    case 'expire_absence': {
      const { client, group: created, absence } = decoded;
      return { command: 'expire_absence', client, created, absence };
    }
    case 'expire_grace': {
      const { group: created, lockSet, absence } = decoded;
      return { command: 'expire_grace', created, lockSet, absence };
    }
    case 'forget':
      return { command: 'forget', client: decoded.client, absence: decoded.absence };
    case 'grant_next':
      return { command: 'grant_next', created: decoded.group };
    case 'cut_history':
      return { command: 'cut_history', created: decoded.group, upTo: decoded.upTo.seq };
    default:
      return decoded satisfies never;
  }
}
