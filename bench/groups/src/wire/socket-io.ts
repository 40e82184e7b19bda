/** A load client of Socket.IO: Engine.IO 4 over WebSocket, packets as text. */
import { WebSocketLine } from './web-socket.ts';
import type { Listener, WireClient, WireOptions } from './wire.ts';

const open = 0x30;
const ping = 0x32;
const packet = 0x34;
const connected = 0x30;
const event = 0x32;
const answer = 0x33;
/** `42["m","` stands before the payload of a message. */
const payloadAt = 8;
/** Answers to a join have this id, those to an echo another. */
const joinId = 1;

export class SocketIoClient implements WireClient {
  readonly index: number;
  received = 0;
  readonly #port: number;
  readonly #room: string | null;
  readonly #listener: Listener;
  #line: WebSocketLine;
  #joined: (() => void) | null = null;
  #pid = '';
  #offset = '';
  #resuming = false;

  constructor({ port, index, room, listener }: WireOptions) {
    this.#port = port;
    this.index = index;
    this.#room = room;
    this.#listener = listener;
    this.#line = this.#newLine();
  }

  async open(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      this.#joined = resolve;
    });
    await this.#line.open(this.#port, '/socket.io/?EIO=4&transport=websocket');
    await ready;
  }

  publish(room: string, payload: Buffer): void {
    const text = payload.toString('latin1');
    this.#line.text(room === '' ? `422["echo","${text}"]` : `42["say","${room}","${text}"]`);
  }

  drop(): void {
    this.#line.destroy();
  }

  async resume(): Promise<void> {
    this.#resuming = true;
    this.#line = this.#newLine();
    await this.open();
  }

  pause(): void {
    this.#line.pause();
  }

  #newLine(): WebSocketLine {
    return new WebSocketLine({
      frame: (bytes, from, to) => this.#frame(bytes, from, to),
      ended: (why) => this.#listener.broken(`Socket.IO ended connection ${this.index}: ${why}`),
    });
  }

  #frame(bytes: Buffer, from: number, to: number): void {
    const kind = bytes[from];
    if (kind === ping) this.#line.text('3');
    else if (kind === open) {
      const { pid, offset } = { pid: this.#pid, offset: this.#offset };
      this.#line.text(this.#resuming ? `40${JSON.stringify({ pid, offset })}` : '40');
    } else if (kind === packet) this.#packet(bytes, from + 1, to);
  }

  #packet(bytes: Buffer, from: number, to: number): void {
    const kind = bytes[from];
    if (kind === event) {
      // The last argument is the offset, which a client needs to come back.
      if (this.#keepsOffset) this.#offset = offsetIn(bytes, to);
      this.#listener.message(this, bytes, from - 1 + payloadAt);
    } else if (kind === answer) {
      if (bytes[from + 1] === 0x30 + joinId) this.#joined?.();
      else this.#listener.acknowledged(this);
    } else if (kind === connected) {
      this.#connected(JSON.parse(bytes.toString('utf8', from + 1, to)));
    } else {
      this.#listener.broken(`Socket.IO said ${bytes.toString('utf8', from, to)}`);
    }
  }

  /** Only the latest counts; a client would keep it for every message. */
  get #keepsOffset(): boolean {
    return this.received === 0;
  }

  #connected({ pid }: { readonly pid: string }): void {
    if (this.#resuming && pid !== this.#pid) {
      this.#listener.broken('Socket.IO did not recover the session');
    }
    this.#pid = pid;
    if (this.#room === null || this.#resuming) this.#joined?.();
    else this.#line.text(`42${joinId}["join","${this.#room}"]`);
  }
}

function offsetIn(bytes: Buffer, to: number): string {
  const end = to - 2;
  return bytes.toString('latin1', bytes.lastIndexOf(0x22, end - 1) + 1, end);
}
