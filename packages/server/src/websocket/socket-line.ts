/**
 * One WebSocket as the driver's line.
 *
 * Boundary: `ws` reads, and opens and closes the connection. What is sent goes to the socket as finished
 * frames, which `ws` itself would do, too, when nothing is compressed: it would make a head for each
 * receiver and write it apart from what they all share.
 */
import type { Socket } from 'node:net';
import { type ClientId, type Code, limits, type Refusal } from '@choir/protocol';
import { WebSocket } from 'ws';
import type { HostDriver, Line } from '../host-driver.ts';
import type { Log } from '../log/log.ts';
import { closeCodeOf } from './close-code.ts';
import { LineLog } from './line-log.ts';
import type { Rendering } from './rendering.ts';

const nothing = Buffer.alloc(0);
/** What is read of somebody who was not welcomed yet: a token and a hello take less (F4). */
const strangerBytesMax = 64 * 1024;

export type Wire = {
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  readonly rendering: Rendering;
};

export class SocketLine implements Line {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #rendering: Rendering;
  readonly #log: LineLog;
  readonly #drained: (error?: Error | null) => void;
  /** Counts what a stranger sends; a frame is buffered until it is whole, so that frames are too late. */
  readonly #count: (chunk: Buffer) => void;
  #strangerBytes = 0;
  #awaitsDrain = false;

  /** Begins to report to the driver. */
  constructor(driver: HostDriver, { webSocket, socket, rendering }: Wire, log: Log) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#rendering = rendering;
    const id = driver.opened(this);
    this.#log = new LineLog(log, socket, id);
    this.#drained = (error): void => {
      this.#awaitsDrain = false;
      driver.drained(id);
      // What was written meanwhile comes after this: nobody else would tell of it.
      if (!error) this.#awaitDrain();
    };
    this.#count = ({ length }): void => {
      this.#strangerBytes += length;
      if (this.#strangerBytes <= strangerBytesMax) return;
      socket.off('data', this.#count);
      // It may go on sending while it is being closed.
      webSocket.pause();
      driver.refused(id, { code: 'TOO_LARGE', message: tooMuchAtFirst });
    };
    socket.on('data', this.#count);
    webSocket.on('message', (data: Buffer, isBinary) => {
      const decoded = rendering.read(data, isBinary);
      if (decoded.ok) driver.received(id, decoded.messages);
      else driver.refused(id, decoded.refusal);
    });
    webSocket.on('pong', () => driver.heard(id));
    webSocket.on('ping', () => driver.heard(id));
    webSocket.on('close', () => {
      this.#log.closed();
      driver.closed(id);
    });
    webSocket.on('error', (error) => {
      const refusal = refusalOf(error);
      if (refusal !== null) driver.refused(id, refusal);
      else webSocket.terminate();
    });
  }

  get bufferedBytes(): number {
    return this.#webSocket.bufferedAmount;
  }

  send(frame: Uint8Array): void {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return;
    for (const each of this.#rendering.write(frame)) this.#socket.write(each);
    this.#awaitDrain();
  }

  close(code: Code | 'BYE'): void {
    this.#log.ended(code);
    // What it still sends is not read by anybody: to pause because of it would leave its close unread, too.
    this.#socket.off('data', this.#count);
    // Its close could not be read while reading is paused, and the connection would linger.
    this.#webSocket.resume();
    this.#webSocket.close(closeCodeOf(code), code);
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  admit(client: ClientId | null): void {
    this.#log.admitted(client);
    this.#socket.off('data', this.#count);
  }

  probe(): void {
    if (this.#webSocket.readyState === WebSocket.OPEN) this.#webSocket.ping();
  }

  /** The socket's own `drain` comes only above its high-water mark; behind an empty write comes this. */
  #awaitDrain(): void {
    if (this.#awaitsDrain || this.bufferedBytes === 0) return;
    this.#awaitsDrain = true;
    this.#socket.write(nothing, this.#drained);
  }
}

const tooMuchAtFirst = `Before the welcome no more than ${strangerBytesMax} bytes are taken.`;

/** What the client did wrong below the protocol; null when it was the network. */
function refusalOf({ code, message }: Error & { readonly code?: string }): Refusal | null {
  switch (code) {
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
    case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
      return { code: 'TOO_LARGE', message: `The frame is longer than ${limits.frameBytes} bytes.` };
    case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
      return { code: 'TOO_LARGE', message };
    default:
      return code?.startsWith('WS_ERR_') === true ? { code: 'MALFORMED', message } : null;
  }
}
