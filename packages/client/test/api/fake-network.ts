/** WebSockets that lead to the model server, frame by frame, without a network. */
import type { WebSocketLike } from '@choir/client';
import {
  decodeFrame,
  encodeMessage,
  type FromClient,
  fromClient,
  fromServer,
  joinMessages,
  limits,
} from '@choir/protocol';
import { Link, ModelServer } from '../session/model-server.ts';
import { client } from '../session/stage.ts';

type Listener = (event: { readonly data: unknown }) => void;

export class FakeNetwork {
  readonly server = new ModelServer();
  readonly sockets: FakeSocket[] = [];
  /** No new connection comes about while this is so. */
  down = false;

  /** To be given to `connect`. */
  get WebSocket(): new (
    url: string,
    protocols: string[],
  ) => FakeSocket {
    const network = this;
    return class extends FakeSocket {
      constructor(url: string, protocols: string[]) {
        super(network, url, protocols);
        network.sockets.push(this);
      }
    };
  }

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('there was no connection');
    return socket;
  }

  /** Everything that the server has to say goes out. */
  flush(): void {
    for (const socket of this.sockets) socket.flush();
  }
}

export class FakeSocket implements WebSocketLike {
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  readonly url: string;
  readonly protocols: readonly string[];
  readonly frames: (readonly FromClient[])[] = [];
  readonly #network: FakeNetwork;
  readonly #listeners = new Map<string, Listener[]>();
  #link: Link | null = null;

  constructor(network: FakeNetwork, url: string, protocols: string[]) {
    this.#network = network;
    this.url = url;
    this.protocols = protocols;
    queueMicrotask(() => (network.down ? this.cut() : this.#open()));
  }

  /** Messages that the client sent over this connection. */
  get said(): readonly FromClient[] {
    return this.frames.flat();
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    const decoded = decodeFrame(fromClient, data.slice(), limits.frameBytes);
    if (!decoded.ok) throw new Error(decoded.refusal.message);
    this.frames.push(decoded.messages);
    for (const message of decoded.messages) this.#serve(message);
    queueMicrotask(() => this.#network.flush());
  }

  close(): void {
    if (this.#link !== null) this.#network.server.detach(this.#link);
    this.cut();
  }

  /** The connection breaks; the server does not notice. */
  cut(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.#tell('close');
  }

  /** Something arrives that the server never said. */
  inject(data: unknown): void {
    this.#tell('message', data);
  }

  flush(): void {
    if (this.readyState !== 1 || this.#link === null) return;
    const messages = this.#link.out.splice(0);
    if (messages.length === 0) return;
    const frame = joinMessages(messages.map((message) => encodeMessage(fromServer, message)));
    this.#tell('message', frame.buffer);
  }

  #open(): void {
    if (this.readyState !== 0) return;
    this.readyState = 1;
    this.#tell('open');
  }

  #serve(message: FromClient): void {
    if (message.kind === 'hello') this.#link = new Link(message.clientId ?? client('issued'));
    if (this.#link !== null) this.#network.server.hear(this.#link, message);
  }

  #tell(type: string, data?: unknown): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ data });
  }
}

/** Lets everything happen that needs no time. */
export async function turns(count = 50): Promise<void> {
  for (let i = 0; i < count; i++) await Promise.resolve();
}
