/** A server that does what a case says, and nothing by itself. */
import { once } from 'node:events';
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
  type Position,
  sessionId,
  subprotocols,
} from '@choir/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { clientNamed, groupNamed } from '../messages.ts';

export type FromClientOf<K extends FromClient['kind']> = Extract<FromClient, { kind: K }>;

export class ScriptedServer {
  readonly url: string;
  readonly #server: WebSocketServer;
  readonly #waiting: ServerSide[] = [];
  #came: () => void = () => {};

  private constructor(server: WebSocketServer, url: string, patienceMs: number) {
    this.#server = server;
    this.url = url;
    server.on('connection', (socket) => {
      this.#waiting.push(new ServerSide(socket, patienceMs));
      this.#came();
    });
  }

  static async start(patienceMs: number): Promise<ScriptedServer> {
    const known: readonly string[] = Object.values(subprotocols);
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      maxPayload: limits.frameBytes,
      handleProtocols: (offered) => [...offered].find((each) => known.includes(each)) ?? false,
    });
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return new ScriptedServer(server, `ws://127.0.0.1:${port}`, patienceMs);
  }

  /** The next connection of the client; null when none comes for so long. */
  async connection(patienceMs: number): Promise<ServerSide | null> {
    if (this.#waiting.length === 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        this.#came = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#waiting.shift() ?? null;
  }

  async stop(): Promise<void> {
    for (const each of this.#server.clients) each.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The server's side of one connection. What a client sends is decoded strictly. */
export class ServerSide {
  readonly rendering: 'binary' | 'json';
  readonly #socket: WebSocket;
  readonly #patienceMs: number;
  readonly #received: FromClient[] = [];
  #problem: string | null = null;
  #wake: () => void = () => {};

  constructor(socket: WebSocket, patienceMs: number) {
    this.#socket = socket;
    this.#patienceMs = patienceMs;
    this.rendering = socket.protocol === subprotocols.json ? 'json' : 'binary';
    socket.on('message', (data: Buffer, isBinary) => {
      const decoded =
        this.rendering === 'binary'
          ? decodeFrame(fromClient, data, limits.frameBytes)
          : decodeJsonFrame(fromClient, data.toString(), limits.frameBytes);
      if (isBinary !== (this.rendering === 'binary'))
        this.#problem = 'the wrong sort of message (V2)';
      else if (!decoded.ok) this.#problem = `a bad frame: ${decoded.refusal.message}`;
      else this.#received.push(...decoded.messages);
      this.#wake();
    });
    socket.on('close', () => this.#wake());
  }

  send(...messages: readonly FromServer[]): void {
    if (this.rendering === 'json') {
      const lines = messages.map((each) => encodeJsonMessage(fromServer, each));
      this.#socket.send(joinJsonMessages(lines));
    } else {
      this.#socket.send(joinMessages(messages.map((each) => encodeMessage(fromServer, each))));
    }
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  /** Ends it without a word. */
  cut(): void {
    this.#socket.terminate();
  }

  async next<K extends FromClient['kind']>(kind: K): Promise<FromClientOf<K>> {
    for (;;) {
      const found = await this.any(kind);
      if (found.kind === kind) return found as FromClientOf<K>;
    }
  }

  /** The next message, whatever it is; `what` is wanted. */
  async any(what: string): Promise<FromClient> {
    for (;;) {
      const found = this.#received.shift();
      if (found !== undefined) return found;
      if (this.#problem !== null) throw new Error(`the client sent ${this.#problem}`);
      if (this.#socket.readyState !== this.#socket.OPEN) throw new Error(`no ${what}: closed`);
      const came = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), this.#patienceMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve(true);
        };
      });
      if (!came) throw new Error(`no ${what}: nothing came for ${this.#patienceMs} ms`);
    }
  }

  /** What has come so far and was not taken. */
  rest(): readonly FromClient[] {
    return [...this.#received];
  }

  /** Takes the hello and answers it. */
  async welcome(options: { readonly heartbeatMs?: number; readonly version?: number } = {}) {
    const hello = await this.next('hello');
    const { heartbeatMs = 10_000, version = 1 } = options;
    this.send({
      kind: 'welcome',
      version,
      clientId: hello.clientId ?? clientNamed(issuedId),
      session: sessionId(1),
      head: positionAt(1),
      heartbeatMs,
      messageBytes: limits.messageBytes,
    });
    return hello;
  }

  /** Takes the join of one group, and answers with a transfer of nothing. */
  async transfer(at: number, mark = 0): Promise<FromClientOf<'join'>> {
    const join = await this.next('join');
    const { requestId, groups } = join;
    const group = groups[0]?.group ?? groupNamed('none');
    this.send(this.transferBegin(requestId, group, at, mark), {
      kind: 'transfer_end',
      requestId,
      group,
      at: positionAt(at),
    });
    return join;
  }

  transferBegin(requestId: number, name: string, at: number, mark: number): FromServer {
    return {
      kind: 'transfer_begin',
      requestId,
      purpose: 'join',
      group: groupNamed(name),
      created: createdAt,
      at: positionAt(at),
      gap: false,
      mark,
      stateful: true,
      absenceMs: 60_000,
      properties: [],
      members: [],
      locks: [],
    };
  }
}

export const issuedId = 'c-issued';
export const createdAt = 7;

export function positionAt(seq: number): Position {
  return { epoch: 1, seq };
}
