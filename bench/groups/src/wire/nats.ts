/** A load client of nats-server: its text protocol over TCP, JetStream where an ack is asked for. */
import { Stream } from './stream.ts';
import type { Listener, WireClient, WireOptions } from './wire.ts';

const lineEnd = Buffer.from('\r\n');
const info = 0x49;
const message = 0x4d;
const pong = 0x4f;
const error = 0x2d;

export class NatsClient implements WireClient {
  readonly index: number;
  received = 0;
  readonly #port: number;
  readonly #room: string | null;
  readonly #listener: Listener;
  readonly #inbox: string;
  #stream: Stream | null = null;
  #ready: (() => void) | null = null;
  #answered: ((text: string) => void) | null = null;

  constructor({ port, index, room, listener }: WireOptions) {
    this.#port = port;
    this.index = index;
    this.#room = room;
    this.#listener = listener;
    this.#inbox = `_INBOX.${index}`;
  }

  async open(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      this.#ready = resolve;
    });
    this.#stream = await Stream.connect(
      this.#port,
      (bytes, length) => this.#take(bytes, length),
      (why) => this.#listener.broken(`nats-server ended connection ${this.index}: ${why}`),
    );
    this.#stream.write('CONNECT {"verbose":false,"pedantic":false}\r\n');
    if (this.#room !== null) this.#stream.write(`SUB ${this.#room} 1\r\n`);
    else this.#stream.write(`SUB ${this.#inbox} 2\r\n`);
    this.#stream.write('PING\r\n');
    await ready;
  }

  /** Without a room: into the stream `acks`, with an answer when it is stored. */
  publish(room: string, payload: Buffer): void {
    const subject = room === '' ? `acks.${this.index} ${this.#inbox}` : room;
    const head = Buffer.from(`PUB ${subject} ${payload.length}\r\n`);
    this.#stream?.write(Buffer.concat([head, payload, lineEnd]));
  }

  /** Makes the stream that acknowledged messages go to: in files, with the defaults of the server. */
  async makeStream(): Promise<void> {
    const answer = new Promise<string>((resolve) => {
      this.#answered = resolve;
    });
    const config = JSON.stringify({ name: 'acks', subjects: ['acks.>'], storage: 'file' });
    this.#stream?.write(
      `PUB $JS.API.STREAM.CREATE.acks ${this.#inbox} ${config.length}\r\n${config}\r\n`,
    );
    const text = await answer;
    this.#answered = null;
    if (text.includes('"error"')) throw new Error(`nats-server: ${text}`);
  }

  drop(): void {
    this.#stream?.destroy();
  }

  resume(): Promise<void> {
    throw new Error('nats-server does not know what was missed');
  }

  pause(): void {
    this.#stream?.pause();
  }

  #take(bytes: Buffer, length: number): number {
    let at = 0;
    while (at < length) {
      const end = bytes.indexOf(lineEnd, at);
      if (end === -1) return at;
      const kind = bytes[at];
      if (kind === message) {
        const from = end + 2;
        const size = sizeBefore(bytes, end);
        if (from + size + 2 > length) return at;
        this.#message(bytes, at, from, size);
        at = from + size + 2;
        continue;
      }
      if (kind === error) this.#listener.broken(bytes.toString('utf8', at, end));
      else if (kind !== info) this.#control(bytes, at);
      at = end + 2;
    }
    return at;
  }

  #control(bytes: Buffer, at: number): void {
    if (bytes[at + 1] !== pong) this.#stream?.write('PONG\r\n');
    else this.#ready?.();
  }

  #message(bytes: Buffer, at: number, from: number, size: number): void {
    if (this.#room !== null) this.#listener.message(this, bytes, from);
    else if (this.#answered !== null) this.#answered(bytes.toString('utf8', from, from + size));
    else if (bytes.indexOf('"error"', at) === -1 || bytes.indexOf('"error"', at) > from + size) {
      this.#listener.acknowledged(this);
    } else this.#listener.broken(bytes.toString('utf8', from, from + size));
  }
}

/** The number that ends a line. */
function sizeBefore(bytes: Buffer, end: number): number {
  let size = 0;
  let scale = 1;
  for (let at = end - 1; ; at -= 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0) return size;
    size += digit * scale;
    scale *= 10;
  }
}
