/**
 * The simulated journal: one process's life with a disk. It keeps the journal's contract (J1–J6 of
 * `@choir/journal`) in virtual time, and is as bad as the contract allows about everything else:
 * how long a sync takes, how requests fall into batches, and what is left of unacknowledged ones.
 *
 * Boundary: requests in, replies out through `reply`, in the order of the requests, never at once.
 *
 * Invariants:
 * S1 A batch is what has arrived while the one before it was synced; no timer.
 * S2 A commit is in the contents from its `committed` on; before that only a loss can put it there.
 * S3 Loss of power keeps any prefix of the batch in progress; the end of the process keeps all of
 *    it once it is written, and a prefix before. Requests still waiting are always lost.
 * S4 A failing commit leaves a prefix of its batch behind, and closes the journal for good (J4).
 */
import type { JournalFailure, JournalOpening, JournalReply, JournalRequest } from '@choir/journal';
import type { Alarm } from '../scheduler.ts';
import { admitPositions, CommitRules } from './commit-rules.ts';
import type { DiskFailure, Loss, SimulatedDisk } from './disk.ts';

/** Who is told. Nothing is called any more once the journal was ended. */
export type JournalOwner = {
  opened(opening: JournalOpening): void;
  reply(reply: JournalReply): void;
};

/** Requests in one batch; the real journal has such a bound too. */
const batchRequestsMax = 1_024;

const failureMessages: Readonly<Record<DiskFailure, string>> = {
  DISK_FULL: 'The disk is full. Make room and start again.',
  DISK_ERROR: 'The disk reported an error. Replace it or start again.',
};
const afterClose: JournalFailure = { code: 'CLOSED', message: 'The journal was closed.' };

/** `closed`: it goes on to refuse what is asked. `ended`: with its process, it is silent. */
type State = 'opening' | 'open' | 'failed' | 'closing' | 'closed' | 'ended';

export class SimulatedJournal {
  readonly #disk: SimulatedDisk;
  readonly #owner: JournalOwner;
  #state: State = 'opening';
  /** Set once it is open. */
  #rules: CommitRules | null = null;
  #failure: JournalFailure = afterClose;
  #waiting: JournalRequest[] = [];
  /** The batch in progress; reads in it are answered after its sync too. */
  #work: JournalRequest[] = [];
  #writtenAt = 0;
  #alarm: Alarm | null = null;
  #closed: (() => void) | null = null;
  /** Requests made after `close`. */
  #late = 0;
  readonly #finish = (): void => this.#finishWork();
  readonly #refuse = (): void => this.#refuseLate();

  /** Begins to open the journal on `disk`; `owner.opened` is called after a while. */
  constructor(disk: SimulatedDisk, owner: JournalOwner) {
    this.#disk = disk;
    this.#owner = owner;
    this.#alarm = disk.scheduler.after(disk.openMs(), () => this.#open());
  }

  request(request: JournalRequest): void {
    if (this.#state === 'ended') return;
    if (this.#state === 'opening') throw new Error('misuse of the journal: used while opening');
    if (this.#state === 'closing' || this.#state === 'closed') {
      this.#late += 1;
      if (this.#state === 'closed') this.#alarm ??= this.#disk.scheduler.after(0, this.#refuse);
      return;
    }
    if (request.kind === 'commit') this.#rules?.admit(request);
    if (request.kind === 'read-rows-at') admitPositions(request.seqs);
    this.#waiting.push(request);
    this.#begin();
  }

  /** Orderly: after all requests are answered the journal is marked clean, then `closed` called. */
  close(closed: () => void): void {
    if (this.#state === 'ended' || this.#state === 'closed') return;
    if (this.#state === 'opening') throw new Error('misuse of the journal: closed while opening');
    this.#closed = closed;
    if (this.#state === 'open') this.#state = 'closing';
    this.#begin();
  }

  /** The process or the machine ends now. */
  end(loss: Loss): void {
    if (this.#state === 'ended') return;
    const held = this.#state !== 'opening' && this.#state !== 'closed';
    this.#disk.scheduler.cancel(this.#alarm);
    if (this.#work.length > 0 && this.#state !== 'failed') this.#keep(loss);
    this.#state = 'ended';
    if (held) this.#release();
  }

  #open(): void {
    this.#alarm = null;
    const disk = this.#disk;
    const failure = this.#refusal();
    if (failure !== null) {
      this.#state = 'ended';
      this.#owner.opened({ ok: false, failure });
      return;
    }
    const opened = disk.contents.opened(disk.clean);
    disk.clean = false;
    disk.inUse = true;
    this.#state = 'open';
    this.#rules = new CommitRules(opened);
    this.#owner.opened({ ok: true, opened });
  }

  #refusal(): JournalFailure | null {
    const { inUse, damagedAt, failure } = this.#disk;
    if (inUse) return { code: 'IN_USE', message: 'Another process has the journal open.' };
    if (damagedAt !== null) {
      return { code: 'DAMAGED', message: `Entry ${damagedAt} is damaged.`, seq: damagedAt };
    }
    // Opening writes: the lock, and the mark that the last close was not orderly.
    return failure === null ? null : { code: failure, message: failureMessages[failure] };
  }

  #begin(): void {
    if (this.#work.length > 0) return;
    const next = this.#waiting[0];
    if (next === undefined) {
      if (this.#closed !== null) this.#finishClose(this.#closed);
      return;
    }
    const { scheduler } = this.#disk;
    if (this.#state === 'failed') {
      this.#work = this.#waiting.splice(0);
      this.#alarm = scheduler.after(0, this.#finish);
      return;
    }
    this.#work = this.#waiting.splice(0, batchRequestsMax);
    if (this.#work.some((request) => request.kind === 'commit')) {
      this.#writtenAt = scheduler.now + this.#disk.writeMs(this.#workBytes());
      this.#disk.busy = true;
      this.#alarm = scheduler.at(this.#writtenAt + this.#disk.syncMs(), this.#finish);
    } else this.#alarm = scheduler.after(this.#disk.readMs(), this.#finish);
  }

  #workBytes(): number {
    let bytes = 0;
    for (const request of this.#work) {
      if (request.kind !== 'commit') continue;
      for (const entry of request.entries) bytes += entry.bytes.length;
      for (const row of request.rows) bytes += row.bytes.length;
      bytes += request.snapshot?.bytes.length ?? 0;
    }
    return bytes;
  }

  #finishWork(): void {
    this.#alarm = null;
    this.#disk.busy = false;
    const work = this.#work;
    if (this.#state !== 'failed') this.#meetFailure();
    const failed: JournalReply | null =
      this.#state === 'failed' ? { kind: 'failed', failure: this.#failure } : null;
    this.#work = [];
    const replies = work.map((request) => failed ?? this.#perform(request));
    for (const reply of replies) {
      // The owner may end this life in answer to any reply.
      if (this.#isEnded()) return;
      this.#owner.reply(reply);
    }
    if (!this.#isEnded()) this.#begin();
  }

  #isEnded(): boolean {
    return this.#state === 'ended';
  }

  #perform(request: JournalRequest): JournalReply {
    const { contents } = this.#disk;
    switch (request.kind) {
      case 'commit':
        contents.apply(request);
        return { kind: 'committed', head: contents.head.seq };
      case 'read-entries':
        return { kind: 'entries', entries: contents.entriesAfter(request.after, request.maxBytes) };
      case 'read-rows':
        return { kind: 'rows', ...contents.rowsAfter(request.space, request) };
      case 'read-rows-at':
        return { kind: 'rows', ...contents.rowsAt(request.space, request) };
    }
  }

  /** A full disk can still be read. */
  #meetFailure(): void {
    const code = this.#disk.failure;
    const writes = this.#work.some((request) => request.kind === 'commit');
    if (code === null || (code === 'DISK_FULL' && !writes)) return;
    this.#keep('power');
    this.#state = 'failed';
    this.#failure = { code, message: failureMessages[code] };
  }

  /** Puts what survives of the batch in progress into the contents (S3). */
  #keep(loss: Loss): void {
    const { scheduler, random } = this.#disk;
    const whole = loss === 'process' && scheduler.now >= this.#writtenAt;
    const count = whole ? this.#work.length : random.int(0, this.#work.length);
    for (const request of this.#work.slice(0, count)) {
      if (request.kind === 'commit') this.#disk.contents.apply(request);
    }
  }

  #finishClose(closed: () => void): void {
    this.#refuseLate();
    if (this.#isEnded()) return;
    this.#disk.clean = this.#state === 'closing';
    this.#state = 'closed';
    this.#release();
    closed();
  }

  #refuseLate(): void {
    this.#alarm = null;
    for (; this.#late > 0 && !this.#isEnded(); this.#late -= 1) {
      this.#owner.reply({ kind: 'failed', failure: this.#failure });
    }
  }

  #release(): void {
    this.#disk.inUse = false;
    this.#disk.busy = false;
  }
}
