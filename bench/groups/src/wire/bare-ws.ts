/** A load client of the bare `ws` server: one binary frame a message, its first byte says what it is. */
import { bareWs } from '../peers/bare-ws-protocol.ts';
import { WebSocketLine } from './web-socket.ts';
import type { Listener, WireClient, WireOptions } from './wire.ts';

export class BareWsClient implements WireClient {
  readonly index: number;
  received = 0;
  readonly #port: number;
  readonly #room: string | null;
  readonly #line: WebSocketLine;
  #joined: (() => void) | null = null;

  constructor({ port, index, room, listener }: WireOptions) {
    this.#port = port;
    this.index = index;
    this.#room = room;
    this.#line = new WebSocketLine({
      frame: (bytes, from) => this.#frame(listener, bytes, from),
      ended: (why) => listener.broken(`ws ended connection ${index}: ${why}`),
    });
  }

  async open(): Promise<void> {
    await this.#line.open(this.#port, '/');
    const ready = new Promise<void>((resolve) => {
      this.#joined = resolve;
    });
    this.#send(bareWs.join, this.#room ?? '');
    await ready;
  }

  publish(room: string, payload: Buffer): void {
    if (room === '') this.#line.binary(Buffer.concat([Buffer.of(bareWs.echo), payload]));
    else this.#line.binary(Buffer.concat([Buffer.of(bareWs.publish), roomBytes(room), payload]));
  }

  drop(): void {
    this.#line.destroy();
  }

  resume(): Promise<void> {
    throw new Error('a bare WebSocket does not know what was missed');
  }

  pause(): void {
    this.#line.pause();
  }

  #frame(listener: Listener, bytes: Buffer, from: number): void {
    const kind = bytes[from];
    if (kind === bareWs.publish) listener.message(this, bytes, from + 1);
    else if (kind === bareWs.echo) listener.acknowledged(this);
    else this.#joined?.();
  }

  #send(kind: number, room: string): void {
    this.#line.binary(Buffer.concat([Buffer.of(kind), roomBytes(room)]));
  }
}

function roomBytes(room: string): Buffer {
  return Buffer.concat([Buffer.of(room.length), Buffer.from(room)]);
}
