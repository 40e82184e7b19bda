/**
 * A line between two threads. Short messages that come often go as bytes through a ring, which costs a third of a message port's
 * time from thread to thread; everything else goes through a port. The other end is given both in the order in which they were sent.
 *
 * N3 Messages are numbered over both ways. The reader takes number after number, whichever way it came.
 * N4 The reader looks at its event loop's other work after every `batchMax` messages.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { newRing, RingReader, RingWriter } from './ring.ts';

/** One end, as it is handed to a thread; the port has to be transferred. */
export type LineMemory = {
  readonly port: MessagePort;
  readonly out: SharedArrayBuffer;
  readonly into: SharedArrayBuffer;
};

type Posted<Message> = { readonly number: number; readonly message: Message };

/** What an end does with what comes. */
export type Receiver<Message> = {
  readonly message: (message: Message) => void;
  /** Bytes that the other end has `put`; they are the receiver's. */
  readonly bytes: (bytes: Uint8Array<ArrayBuffer>) => void;
};

const batchMax = 64;

export function newLine(): readonly [LineMemory, LineMemory] {
  const { port1, port2 } = new MessageChannel();
  const [there, back] = [newRing(), newRing()];
  return [
    { port: port1, out: there, into: back },
    { port: port2, out: back, into: there },
  ];
}

/** @typeParam Out what this end posts; @typeParam In what the other end posts */
export class LineEnd<Out, In> {
  readonly #port: MessagePort;
  readonly #writer: RingWriter;
  readonly #reader: RingReader;
  readonly #receiver: Receiver<In>;
  #sent = 0;
  #received = 0;
  /** Posted, and later in number than something in the ring. */
  #ahead: Posted<In> | null = null;
  #isClosed = false;

  constructor({ port, out, into }: LineMemory, receiver: Receiver<In>) {
    this.#port = port;
    this.#writer = new RingWriter(out);
    this.#reader = new RingReader(into);
    this.#receiver = receiver;
    this.#listen();
  }

  post(message: Out, transfer: readonly ArrayBuffer[] = []): void {
    if (this.#isClosed) return;
    const posted: Posted<Out> = { number: (this.#sent + 1) | 0, message };
    // Throws for what cannot be copied: then this number is the next one's.
    this.#port.postMessage(posted, [...transfer]);
    this.#sent = posted.number;
    this.#writer.ring();
  }

  /** Sends bytes the short way; false when they have no room there. */
  put(parts: readonly Uint8Array[]): boolean {
    if (this.#isClosed || !this.#writer.put((this.#sent + 1) | 0, parts)) return false;
    this.#sent = (this.#sent + 1) | 0;
    this.#writer.ring();
    return true;
  }

  /** Takes what has come so far, but no more than a batch; true when there may be more. */
  take(): boolean {
    for (let taken = 0; taken < batchMax; taken += 1) {
      if (this.#isClosed) return false;
      const bytes = this.#reader.take(this.#received + 1);
      if (bytes !== null) {
        this.#received = (this.#received + 1) | 0;
        this.#receiver.bytes(bytes);
        continue;
      }
      const posted = this.#next();
      if (posted === null) return false;
      // Between the two looks both may have come: then the ring is first.
      if (posted.number !== ((this.#received + 1) | 0)) {
        this.#ahead = posted;
        continue;
      }
      this.#received = posted.number;
      this.#receiver.message(posted.message);
    }
    return true;
  }

  /** Nothing more is given or taken here. */
  close(): void {
    this.#isClosed = true;
    this.#port.close();
    this.#reader.wake();
  }

  #next(): Posted<In> | null {
    const ahead = this.#ahead;
    if (ahead !== null) {
      this.#ahead = null;
      return ahead;
    }
    const received: { readonly message: Posted<In> } | undefined = receiveMessageOnPort(this.#port);
    return received?.message ?? null;
  }

  readonly #listen = (): void => {
    if (this.#isClosed) return;
    const { rung } = this.#reader;
    if (this.take()) setImmediate(this.#listen);
    else if (!this.#isClosed) this.#reader.whenRung(rung, this.#listen);
  };
}
