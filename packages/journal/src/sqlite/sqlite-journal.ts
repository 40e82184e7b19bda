/**
 * The driver: the owner's side of the journal's thread. It checks what the contract forbids,
 * gathers the requests of one turn of the main loop into one message, and gives each its reply.
 *
 * D1 Replies come in the order of the requests, never from within `request`.
 * D2 After the first failure every request, open or new, is answered with it (contract, J4).
 * D3 However the thread ends, no request stays unanswered.
 */
import assert from 'node:assert/strict';
import type { Worker } from 'node:worker_threads';
import type { JournalFailure, JournalOpened, JournalReply, JournalRequest } from '../contract.ts';
import type { Closing, Journal, SpaceSize } from '../journal.ts';
import { CommitRules } from './commit-rules.ts';
import { buffersOf, FlatReader, FlatWriter } from './flat.ts';
import { readReply } from './reply-message.ts';
import { writeRequest } from './request-message.ts';
import type { FromWorker, ToWorker } from './thread-message.ts';

type Reply = (reply: JournalReply) => void;

const CLOSED: JournalFailure = {
  code: 'CLOSED',
  message: 'The journal was closed before this request.',
};

/** The contract allows at most this many positions in `read-rows-at`. */
const POSITIONS_MAX = 1_024;

/** Callbacks that were answered, before those that are open are moved up in their place. */
const ANSWERED_MAX = 1_024;

export class SqliteJournal implements Journal {
  readonly #worker: Worker;
  readonly #rules: CommitRules;
  readonly #ended: Promise<void>;
  readonly #writer = new FlatWriter();
  /** Callbacks of requests without a reply, oldest first, from `#answered` on. */
  #open: Reply[] = [];
  #answered = 0;
  #flushing = false;
  #closing = false;
  #failure: JournalFailure | undefined;
  readonly #weighings: ((sizes: ReadonlyMap<number, SpaceSize> | null) => void)[] = [];
  #backedUp: ((failure: JournalFailure | null) => void) | undefined;

  /** `worker` has said `opened` and nothing since. */
  constructor(worker: Worker, opened: JournalOpened) {
    this.#worker = worker;
    this.#rules = new CommitRules(opened);
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#fail(threadEnded(String(error))));
    this.#ended = new Promise((resolve) => {
      worker.on('exit', (code) => {
        this.#fail(this.#closing ? CLOSED : threadEnded(`exit code ${code}`));
        resolve();
      });
    });
  }

  request(request: JournalRequest, reply: Reply): void {
    const failure = this.#failure;
    if (failure !== undefined) {
      queueMicrotask(() => reply({ kind: 'failed', failure }));
      return;
    }
    if (this.#closing) {
      // Behind those that are still being answered; the end of the thread answers this one (D1).
      this.#open.push(reply);
      return;
    }
    if (request.kind === 'commit') this.#rules.admit(request);
    if (request.kind === 'read-rows-at') assert(request.seqs.length <= POSITIONS_MAX);
    writeRequest(this.#writer, request);
    this.#open.push(reply);
    if (this.#flushing) return;
    this.#flushing = true;
    // Not a microtask: those run between the sockets that one turn of the loop reads from.
    setImmediate(() => this.flush());
  }

  sizes(): Promise<ReadonlyMap<number, SpaceSize> | null> {
    if (this.#failure !== undefined || this.#closing) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#weighings.push(resolve);
      if (this.#weighings.length === 1) this.#post({ kind: 'weigh' });
    });
  }

  backup(directory: string): Promise<JournalFailure | null> {
    assert(this.#backedUp === undefined, 'one backup at a time');
    const failure = this.#failure ?? (this.#closing ? CLOSED : undefined);
    if (failure !== undefined) return Promise.resolve(failure);
    return new Promise((resolve) => {
      this.#backedUp = resolve;
      this.#post({ kind: 'backup', directory });
    });
  }

  flush(): void {
    if (!this.#flushing) return;
    this.#flushing = false;
    const flat = this.#writer.take();
    if (this.#failure === undefined) this.#post({ kind: 'requests', flat }, buffersOf(flat));
  }

  close(how: Closing = 'in-order'): Promise<void> {
    if (!this.#closing) {
      this.flush();
      this.#closing = true;
      this.#post({ kind: 'close', how });
    }
    return this.#ended;
  }

  #post(message: ToWorker, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'replies': {
        const reader = new FlatReader(message.flat);
        while (!reader.done) this.#answer(readReply(reader));
        return;
      }
      case 'weighed':
        this.#endWeighing(message.sizes);
        return;
      case 'backed-up':
        this.#endBackup(message.failure);
        return;
      case 'failed':
        this.#fail(message.failure);
        return;
      case 'opened':
      case 'refused':
        throw new Error(`the journal's thread said "${message.kind}" twice`);
      default: {
        const never: never = message;
        throw new Error(`unknown message ${JSON.stringify(never)}`);
      }
    }
  }

  #answer(reply: JournalReply): void {
    const callback = this.#open[this.#answered];
    assert(callback !== undefined, 'a reply without a request');
    this.#answered += 1;
    if (this.#answered === this.#open.length) {
      this.#open = [];
      this.#answered = 0;
    } else if (this.#answered === ANSWERED_MAX) {
      // Under load there is always one open.
      this.#open = this.#open.slice(ANSWERED_MAX);
      this.#answered = 0;
    }
    callback(reply);
  }

  /** All who asked meanwhile are told the same. */
  #endWeighing(sizes: ReadonlyMap<number, SpaceSize> | null): void {
    for (const tell of this.#weighings.splice(0)) tell(sizes);
  }

  #endBackup(failure: JournalFailure | null): void {
    this.#backedUp?.(failure);
    this.#backedUp = undefined;
  }

  #fail(failure: JournalFailure): void {
    this.#failure ??= failure;
    this.#endBackup(this.#failure);
    this.#endWeighing(null);
    const open = this.#open.slice(this.#answered);
    this.#open = [];
    this.#answered = 0;
    for (const reply of open) reply({ kind: 'failed', failure: this.#failure });
  }
}

/** The failure when the thread is gone without having said why. */
export function threadEnded(how: string): JournalFailure {
  return {
    code: 'THREAD_ENDED',
    message:
      `The journal's thread ended unexpectedly (${how}). Whether the open requests were stored ` +
      'shows at the next opening: start again, and report this as a bug unless memory ran out.',
  };
}
