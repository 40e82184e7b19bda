/**
 * The application's end of the line to the thread of its processor.
 *
 * H1 Messages of one turn of the event loop go to the thread in one buffer, except the first after a pause, which goes alone and at once;
 *    deliveries of one turn come back in one.
 * H3 The thread knows how far the application's event loop has come, at the latest every 100 ms.
 */
import { Worker } from 'node:worker_threads';
import type { GroupId, ProcessorId } from '@choir/ftmp';
import { apart } from '../apart.ts';
import { now } from '../clock.ts';
import { DriverError } from '../driver-error.ts';
import { LineEnd, newLine } from '../line/line.ts';
import { parcelHead, readParcel } from '../line/parcel.ts';
import { HandoverWriter } from './handover.ts';
import type { Statistics } from './statistics.ts';
import type { Amount, FromThread, ThreadOptions, ThreadStart, ToThread } from './thread-message.ts';

export type Turn = Extract<FromThread, { readonly kind: 'turn' }>;

/** Who has the line. */
export type LinkOwner = {
  readonly turn: (turn: Turn) => void;
  readonly warning: (text: string) => void;
  /** What the application has taken and the thread has not been told. */
  readonly taken: () => readonly Amount[];
  /** The thread has ended, by itself with an error. */
  readonly ended: (error: DriverError | null) => void;
};

const progressMs = 100;
/** Collected often enough that the buffers of small datagrams, which nobody gives back, do not add up. */
const youngMb = 12;
const nothing = new Uint8Array(0);
/** A buffer of this size goes to the thread at once. */
const handoverBytes = 64 * 1024;
/** After such a pause a message is taken for a lone one: nothing is to be gathered, and it goes at once. */
const pauseMs = 0.5;

export class ThreadLink {
  readonly #line: LineEnd<ToThread, FromThread>;
  readonly #owner: LinkOwner;
  readonly #progress: Int32Array;
  readonly #beat: NodeJS.Timeout;
  readonly #handover = new HandoverWriter();
  #isFlushComing = false;
  #handedAt = Number.NEGATIVE_INFINITY;
  #asked: PromiseWithResolvers<Statistics>[] = [];
  readonly #opened = Promise.withResolvers<{ id: ProcessorId; address: string }>();
  readonly #closed = Promise.withResolvers<void>();
  #isClosing = false;
  #isOver = false;

  constructor(options: ThreadOptions, owner: LinkOwner) {
    this.#owner = owner;
    this.#progress = new Int32Array(options.progress);
    const entry = new URL('./worker.ts', import.meta.url);
    const [own, other] = newLine();
    this.#line = new LineEnd<ToThread, FromThread>(own, {
      message: (message) => this.#told(message),
      bytes: (bytes) => this.#told({ kind: 'turn', parcel: readParcel(bytes), occurrences: [] }),
    });
    const workerData: ThreadStart = { options, line: other };
    const worker = new Worker(entry, {
      name: 'ftmp',
      workerData,
      transferList: [other.port],
      resourceLimits: { maxYoungGenerationSizeMb: youngMb },
    });
    worker.on('error', (error) => this.#broke(String(error)));
    worker.on('exit', (code) => this.#broke(`exit code ${code}`));
    this.#beat = setInterval(() => this.#progressed(), progressMs).unref();
  }

  /** The first incarnation, and where it is reached. */
  get opened(): Promise<{ readonly id: ProcessorId; readonly address: string }> {
    return this.#opened.promise;
  }

  /** @throws DriverError `drivers-closed` */
  checkOpen(): void {
    if (this.#isClosing) throw closedError();
  }

  /** Tells the thread, behind what was handed over before. */
  tell(message: ToThread): void {
    this.flush();
    this.#line.post(message);
  }

  hand(group: GroupId, bytes: Uint8Array, safe: boolean): void {
    const isFirst = !this.#isFlushComing && this.#hasRested();
    this.#handover.add(group, bytes, safe);
    if (isFirst || this.#handover.bytes >= handoverBytes) this.flush();
    else this.flushSoon();
  }

  flushSoon(): void {
    if (this.#isFlushComing) return;
    this.#isFlushComing = true;
    setImmediate(() => {
      this.#isFlushComing = false;
      this.flush();
    });
  }

  /** H1 */
  flush(): void {
    const amounts = this.#owner.taken();
    const isEmpty = this.#handover.bytes === 0;
    if (isEmpty && amounts.length === 0) return;
    if (this.#line.put([parcelHead(amounts), this.#handover.written])) {
      this.#handover.clear();
      return;
    }
    const bytes = isEmpty ? nothing : this.#handover.take();
    const transfer = isEmpty ? [] : [bytes.buffer];
    this.#line.post({ kind: 'work', parcel: { amounts, bytes } }, transfer);
  }

  statistics(): Promise<Statistics> {
    this.checkOpen();
    const asked = Promise.withResolvers<Statistics>();
    this.#asked.push(asked);
    this.tell({ kind: 'statistics' });
    return asked.promise;
  }

  close(): Promise<void> {
    if (!this.#isClosing) {
      this.#isClosing = true;
      this.tell({ kind: 'close' });
    }
    return this.#closed.promise;
  }

  #told(message: FromThread): void {
    switch (message.kind) {
      case 'opened':
        this.#opened.resolve(message);
        break;
      case 'failed':
        this.#opened.reject(new DriverError(message.code, message.message));
        break;
      case 'turn':
        this.#progressed();
        this.#owner.turn(message);
        break;
      case 'warning':
        apart(this.#owner.warning, message.text);
        break;
      case 'statistics':
        this.#asked.shift()?.resolve(message.statistics);
        break;
      case 'closed':
        this.#end(null);
        break;
      default:
        message satisfies never;
    }
  }

  /** True for the first message after a pause. */
  #hasRested(): boolean {
    const time = now();
    const restedMs = time - this.#handedAt;
    this.#handedAt = time;
    return restedMs > pauseMs;
  }

  /** H3 */
  #progressed(): void {
    Atomics.add(this.#progress, 0, 1);
  }

  /** What the thread has told at last comes before its end. */
  #broke(how: string): void {
    while (this.#line.take());
    const message = `The thread of the processor ended: ${how}. Open a new one.`;
    this.#end(new DriverError('drivers-thread', message));
  }

  #end(error: DriverError | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isClosing = true;
    this.#line.close();
    clearInterval(this.#beat);
    const over = error ?? closedError();
    this.#opened.reject(over);
    for (const asked of this.#asked) asked.reject(over);
    this.#asked = [];
    this.#owner.ended(error);
    this.#closed.resolve();
  }
}

function closedError(): DriverError {
  return new DriverError('drivers-closed', 'The processor is closed: open a new one.');
}
