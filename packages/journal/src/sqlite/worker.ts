/**
 * The journal's thread. Group commit without a timer: whatever has arrived while the previous
 * transaction was syncing makes the next one.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { JournalRequest } from '../contract.ts';
import type { Closing } from '../journal.ts';
import { whyReadingFailed, whyWritingFailed } from './disk-probe.ts';
import { faultOf, JournalFault } from './fault.ts';
import { filesIn } from './files.ts';
import { buffersOf, FlatReader, FlatWriter } from './flat.ts';
import { type OwnedStore, openStore } from './opening.ts';
import { writeReply } from './reply-message.ts';
import { readRequest } from './request-message.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './thread-message.ts';

/** A transaction takes no further requests once it holds this much; bounds its memory and its time. */
const TRANSACTION_BYTES_MAX = 8 * 1024 * 1024;

/** How much of the head file's news a power loss may take. */
const HEAD_SYNC_MS = 1_000;

if (parentPort === null) throw new Error('this file is the entry of a worker thread');
const port = parentPort;
const { directory } = workerData as WorkerSettings;
const files = filesIn(directory);

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

function serve({ store, lock }: OwnedStore): void {
  const writer = new FlatWriter();
  let headSync: NodeJS.Timeout | undefined;
  let goesOn = true;
  let backup: Promise<void> | undefined;

  port.on('message', (first: ToWorker) => {
    attempt(() => {
      const { requests, closing, copyTo, weighs } = takeBatch(first);
      if (requests.length > 0) perform(requests);
      if (copyTo !== null) backUp(copyTo);
      if (weighs) weigh();
      if (closing === 'in-order') end(() => store.closeInOrder());
      if (closing === 'unfinished') end(() => store.abandon());
    });
  });

  function perform(requests: readonly JournalRequest[]): void {
    for (const reply of store.perform(requests)) writeReply(writer, reply);
    const flat = writer.take();
    post({ kind: 'replies', flat }, buffersOf(flat));
    store.tidy();
    if (!store.headUnsynced) return;
    headSync ??= setTimeout(() => {
      headSync = undefined;
      attempt(() => store.syncHead());
    }, HEAD_SYNC_MS);
  }

  /** The owner asks for one at a time. */
  function backUp(to: string): void {
    const source = { files, goesOn: () => goesOn };
    backup = store.backUp(source, to).then((failure) => {
      backup = undefined;
      post({ kind: 'backed-up', failure });
    });
  }

  /** A step for each turn of the loop, so that requests are not kept waiting. */
  function weigh(): void {
    const weighing = store.weigh();
    const step = (): void => {
      // The owner knows that nothing more is answered.
      if (!goesOn) return;
      try {
        const { done, value } = weighing.next();
        if (done === true) post({ kind: 'weighed', sizes: value });
        else setImmediate(step);
      } catch (error) {
        // Damage ends the journal when a reader meets it, not when somebody counts.
        faultOf(error);
        post({ kind: 'weighed', sizes: null });
      }
    };
    step();
  }

  /** A fault closes the journal for good (contract, J4); a bug ends the thread. */
  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      // Before the closing, which changes the sizes of the files.
      const fault = whyWritingFailed(faultOf(error), files);
      end(() => store.abandon());
      post({ kind: 'failed', failure: whyReadingFailed(fault, files).failure });
    }
  }

  /** Leaves nothing that would keep the thread alive. */
  function end(close: () => void): void {
    clearTimeout(headSync);
    goesOn = false;
    port.removeAllListeners('message');
    port.unref();
    const finish = (): void => {
      try {
        close();
      } finally {
        lock.release();
      }
    };
    // A database under way to a copy is not closed before that has given up.
    if (backup === undefined) finish();
    else backup.finally(finish);
  }
}

type Batch = {
  readonly requests: readonly JournalRequest[];
  readonly closing: Closing | null;
  readonly copyTo: string | null;
  readonly weighs: boolean;
};

function takeBatch(first: ToWorker): Batch {
  const requests: JournalRequest[] = [];
  let copyTo: string | null = null;
  let weighs = false;
  let bytes = 0;
  let message: ToWorker | undefined = first;
  while (message !== undefined) {
    if (message.kind === 'close') return { requests, closing: message.how, copyTo, weighs };
    if (message.kind === 'backup') {
      copyTo = message.directory;
    } else if (message.kind === 'weigh') {
      weighs = true;
    } else {
      const reader = new FlatReader(message.flat);
      while (!reader.done) requests.push(readRequest(reader));
      bytes += message.flat.bytes.length;
    }
    if (bytes >= TRANSACTION_BYTES_MAX) break;
    message = receiveMessageOnPort(port)?.message;
  }
  return { requests, closing: null, copyTo, weighs };
}

try {
  const owned = openStore(directory);
  serve(owned);
  post({ kind: 'opened', opened: owned.store.opened });
} catch (error) {
  if (!(error instanceof JournalFault)) throw error;
  post({ kind: 'refused', failure: error.failure });
}
