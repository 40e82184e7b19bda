/**
 * One WebSocket: frames out as fast as it takes them and in the order given, frames in as messages.
 * What is said within one turn of the event loop goes out in one frame.
 */
import {
  decodeFrame,
  encodeMessage,
  type FromClient,
  type FromServer,
  fromClient,
  fromServer,
  joinMessages,
  limits,
  subprotocols,
} from '@choir/protocol';

/** What is used of a WebSocket; browsers' and Node's own have it. */
export type WebSocketLike = {
  binaryType: string;
  readonly readyState: number;
  /** Bytes taken by `send` and not yet by the network. */
  readonly bufferedAmount: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
};

/** What makes one: the `WebSocket` of browsers, of Node.js 22 and newer, or of a package such as `ws`. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

export type LinkEvents = {
  readonly opened: () => void;
  readonly received: (messages: readonly FromServer[]) => void;
  readonly unreadable: (problem: string) => void;
  readonly closed: () => void;
};

const OPEN = 1;
/** How often to look whether there is room again: the socket does not tell. */
const pollMs = 20;

export class Link {
  readonly #socket: WebSocketLike;
  readonly #bufferBytesMax: number;
  /** Messages, and promises to wait for before the messages behind them. */
  #waiting: (FromClient | Promise<void>)[] = [];
  #flushing: 'no' | 'planned' | 'held' = 'no';

  constructor(socket: WebSocketLike, bufferBytesMax: number, events: LinkEvents) {
    this.#socket = socket;
    this.#bufferBytesMax = bufferBytesMax;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', events.opened);
    socket.addEventListener('close', events.closed);
    // An error is always followed by a close; without a listener some runtimes throw it.
    socket.addEventListener('error', () => {});
    socket.addEventListener('message', ({ data }) => receive(data, events));
  }

  send(message: FromClient): void {
    this.#waiting.push(message);
    this.#plan();
  }

  /** Sends nothing of what follows before this is so. */
  waitFor(ready: Promise<void>): void {
    this.#waiting.push(ready);
  }

  /** Closes behind what was sent; what has to wait for something is not sent any more. */
  close(): void {
    if (this.#flushing !== 'held') this.#flush(Number.POSITIVE_INFINITY);
    this.#waiting = [];
    this.#socket.close(1000);
  }

  #plan(): void {
    if (this.#flushing !== 'no') return;
    this.#flushing = 'planned';
    queueMicrotask(() => this.#resume());
  }

  #resume(): void {
    this.#flushing = 'no';
    if (this.#socket.readyState === OPEN) this.#flush(this.#bufferBytesMax);
  }

  #flush(bufferBytesMax: number): void {
    while (this.#waiting.length > 0) {
      const [next] = this.#waiting;
      if (next instanceof Promise) {
        this.#waiting.shift();
        this.#hold(next);
        return;
      }
      if (this.#socket.bufferedAmount > bufferBytesMax) {
        this.#flushing = 'planned';
        setTimeout(() => this.#resume(), pollMs);
        return;
      }
      this.#socket.send(joinMessages(this.#takeFrame()));
    }
  }

  #hold(ready: Promise<void>): void {
    this.#flushing = 'held';
    // When it fails, the client ends and this link with it.
    ready.then(
      () => this.#resume(),
      () => {},
    );
  }

  /** What fits into one frame, up to what has to wait. */
  #takeFrame(): readonly Uint8Array[] {
    const frame: Uint8Array[] = [];
    let bytes = 0;
    for (const message of this.#waiting) {
      if (message instanceof Promise || frame.length === limits.frameMessages) break;
      const encoded = encodeMessage(fromClient, message);
      if (frame.length > 0 && bytes + encoded.length > frameBytesUsual) break;
      frame.push(encoded);
      bytes += encoded.length;
    }
    this.#waiting.splice(0, frame.length);
    return frame;
  }
}

/** Larger frames bring nothing, and would keep what comes behind them waiting. */
const frameBytesUsual = 64 * 1024;

function receive(data: unknown, events: LinkEvents): void {
  if (!(data instanceof ArrayBuffer)) {
    events.unreadable('The server sent text where frames are binary.');
    return;
  }
  const decoded = decodeFrame(fromServer, new Uint8Array(data), limits.frameBytes);
  if (decoded.ok) events.received(decoded.messages);
  else events.unreadable(decoded.refusal.message);
}

export function openSocket(Socket: WebSocketConstructor, url: string): WebSocketLike {
  return new Socket(url, [subprotocols.binary]);
}
