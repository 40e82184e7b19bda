/**
 * One WebSocket to a server, in either rendering. What arrives is decoded strictly, so that every case
 * checks the server's side of the form as well.
 */
import {
  decodeFrame,
  decodeJsonFrame,
  encodeJsonMessage,
  encodeMessage,
  type FromClient,
  type FromServer,
  fromClient,
  fromServer,
  joinJsonMessages,
  joinMessages,
  limits,
  subprotocols,
} from '@choir/protocol';

export const renderings = ['binary', 'json'] as const;
export type Rendering = (typeof renderings)[number];

export type Kind = FromServer['kind'];
export type Of<K extends Kind> = Extract<FromServer, { kind: K }>;
export type Closing = { readonly code: number; readonly reason: string };

type Opening = {
  readonly rendering: Rendering;
  /** What is offered; that of the rendering by default. */
  readonly offered?: readonly string[];
  readonly patienceMs: number;
};

export class Peer {
  /** The sub-protocol that the server picked. */
  readonly protocol: string;
  /** Everything, as it came. */
  readonly received: FromServer[] = [];
  /** JSON, as it came. */
  readonly lines: string[] = [];
  readonly #socket: WebSocket;
  readonly #rendering: Rendering;
  readonly #patienceMs: number;
  #read = 0;
  #problem: string | null = null;
  #closing: Closing | null = null;
  #wake: () => void = () => {};

  private constructor(socket: WebSocket, { rendering, patienceMs }: Opening) {
    this.#socket = socket;
    this.#rendering = rendering;
    this.#patienceMs = patienceMs;
    this.protocol = socket.protocol;
    socket.addEventListener('message', ({ data }) => {
      this.#take(data);
      this.#wake();
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.#closing = { code, reason };
      this.#wake();
    });
  }

  static open(url: string, opening: Opening): Promise<Peer> {
    const { rendering, offered = [subprotocols[rendering]] } = opening;
    const socket = new WebSocket(url, [...offered]);
    socket.binaryType = 'arraybuffer';
    return new Promise((resolve, reject) => {
      socket.addEventListener('open', () => resolve(new Peer(socket, opening)));
      socket.addEventListener('error', () => reject(new Error(`${url} takes no connection`)));
    });
  }

  /** All in one frame. */
  send(...messages: readonly FromClient[]): void {
    if (this.#rendering === 'json') {
      this.raw(joinJsonMessages(messages.map((each) => encodeJsonMessage(fromClient, each))));
    } else this.raw(joinMessages(messages.map((each) => encodeMessage(fromClient, each))));
  }

  raw(frame: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(frame);
  }

  /** The next message of that kind which fits; what comes before it is passed over. */
  async next<K extends Kind>(
    kind: K,
    fits: (message: Of<K>) => boolean = () => true,
  ): Promise<Of<K>> {
    return this.where((message): message is Of<K> => isOf(message, kind) && fits(message), kind);
  }

  /** The next message that is wanted; `what` says so in an error. */
  async where<M extends FromServer>(
    wanted: (message: FromServer) => message is M,
    what: string,
  ): Promise<M> {
    for (;;) {
      const message = this.received[this.#read];
      if (message !== undefined) {
        this.#read += 1;
        if (wanted(message)) return message;
      } else if (this.#closing !== null) throw this.#missing(what, 'the connection was closed');
      else await this.#arrival(what);
    }
  }

  async closed(): Promise<Closing> {
    while (this.#closing === null) await this.#arrival('the end of the connection');
    return this.#closing;
  }

  close(): void {
    this.#socket.close();
  }

  async #arrival(what: string): Promise<void> {
    if (this.#problem !== null) throw new Error(this.#problem);
    const came = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), this.#patienceMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
    if (this.#problem !== null) throw new Error(this.#problem);
    if (!came) throw this.#missing(what, `nothing came for ${this.#patienceMs} ms`);
  }

  #missing(what: string, why: string): Error {
    const last = this.received.slice(-3).map((each) => encodeJsonMessage(fromServer, each));
    const shown = last.length === 0 ? 'nothing was received' : `last received: ${last.join(' ')}`;
    return new Error(`no ${what}: ${why}; ${shown}`);
  }

  #take(data: unknown): void {
    if (typeof data === 'string') this.lines.push(...data.split('\n'));
    const decoded =
      typeof data === 'string'
        ? decodeJsonFrame(fromServer, data, limits.frameBytes)
        : decodeFrame(fromServer, new Uint8Array(data as ArrayBuffer), limits.frameBytes);
    if (!decoded.ok) this.#problem = `the server sent a bad frame: ${decoded.refusal.message}`;
    else if ((typeof data === 'string') !== (this.#rendering === 'json')) {
      this.#problem = 'the server sent the wrong sort of WebSocket message';
    } else this.received.push(...decoded.messages);
  }
}

export function isOf<K extends Kind>(message: FromServer, kind: K): message is Of<K> {
  return message.kind === kind;
}
