/** A client that speaks frames over a real WebSocket, in either rendering. */
import { once } from 'node:events';
import {
  decodeFrame,
  encodeJsonMessage,
  encodeMessage,
  type FromClient,
  type FromServer,
  fromClient,
  fromServer,
  joinMessages,
  limits,
  localId,
  type Subprotocol,
  subprotocols,
} from '@choir/protocol';
import { WebSocket } from 'ws';
import { nameOf } from '../names.ts';

type Kind = FromServer['kind'];
type Of<K extends Kind> = Extract<FromServer, { kind: K }>;

export class RawClient {
  readonly webSocket: WebSocket;
  readonly received: FromServer[] = [];
  closedWith: { readonly code: number; readonly reason: string } | null = null;
  #arrived: () => void = () => undefined;
  #nextLocalId = 1;

  private constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on('message', (data: Buffer, isBinary) => {
      this.received.push(...read(data, isBinary));
      this.#arrived();
    });
    webSocket.on('close', (code, reason) => {
      this.closedWith = { code, reason: reason.toString() };
      this.#arrived();
    });
  }

  static async connect(
    url: string,
    options: {
      protocol?: Subprotocol;
      origin?: string;
      headers?: Record<string, string>;
      ca?: string;
    } = {},
  ): Promise<RawClient> {
    const { protocol, ...rest } = options;
    const webSocket = new WebSocket(url, protocol === undefined ? [] : [protocol], rest);
    await once(webSocket, 'open');
    return new RawClient(webSocket);
  }

  /** Connects and attaches. */
  static async attach(url: string, name: string): Promise<RawClient> {
    const client = await RawClient.connect(url, { protocol: subprotocols.binary });
    client.hello(name);
    await client.until('welcome');
    return client;
  }

  hello(name: string): void {
    const secret = new TextEncoder().encode(`the secret of ${name} for tests`);
    this.send({ kind: 'hello', version: 1, clientId: name as never, secret, agent: 'test' });
  }

  send(...messages: readonly FromClient[]): void {
    if (this.webSocket.protocol === subprotocols.json) {
      const lines = messages.map((each) => encodeJsonMessage(fromClient, each));
      this.webSocket.send(lines.join('\n'));
    } else {
      this.webSocket.send(joinMessages(messages.map((each) => encodeMessage(fromClient, each))));
    }
  }

  join(group: string): void {
    const target = { group: nameOf(group), name: 'somebody', created: 0 };
    this.send({ kind: 'join', requestId: 1, groups: [target] });
  }

  bcast(group: string, text: string): number {
    const own = this.#nextLocalId++;
    this.send({
      kind: 'submit',
      group: nameOf(group),
      localId: localId(own),
      previous: own - 1,
      body: {
        kind: 'message',
        parts: [
          {
            kind: 'bcast',
            group: nameOf(group),
            exclusive: false,
            data: new TextEncoder().encode(text),
          },
        ],
      },
    });
    return own;
  }

  of<K extends Kind>(kind: K): Of<K>[] {
    return this.received.filter((message): message is Of<K> => message.kind === kind);
  }

  /** Waits for the `count`th message of a kind. */
  async until<K extends Kind>(kind: K, count = 1): Promise<Of<K>> {
    await this.untilTrue(() => this.of(kind).length >= count, `${count} ${kind}`);
    return this.of(kind)[count - 1] as Of<K>;
  }

  async untilClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    await this.untilTrue(() => this.closedWith !== null, 'the end');
    return this.closedWith ?? { code: 0, reason: '' };
  }

  async untilTrue(holds: () => boolean, what: string): Promise<void> {
    while (!holds()) {
      if (this.closedWith !== null) throw new Error(`closed while waiting for ${what}`);
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  close(): void {
    this.webSocket.close();
  }
}

function read(data: Buffer, isBinary: boolean): readonly FromServer[] {
  if (!isBinary) {
    return data
      .toString()
      .split('\n')
      .map((line) => JSON.parse(line) as FromServer);
  }
  const decoded = decodeFrame(fromServer, data, limits.frameBytes);
  if (!decoded.ok) throw new Error(decoded.refusal.message);
  return decoded.messages;
}
