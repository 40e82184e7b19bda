/** A server with one fault: what it sends is that of a real one, spoiled on the way. */
import { once } from 'node:events';
import {
  decodeFrame,
  decodeJsonFrame,
  encodeJsonMessage,
  encodeMessage,
  type FromServer,
  fromServer,
  joinJsonMessages,
  joinMessages,
  limits,
  subprotocols,
} from '@choir/protocol';
import { type RawData, WebSocket, WebSocketServer } from 'ws';

/** Called with each message to a client; what it returns is sent instead. One for each connection. */
export type Fault = () => (message: FromServer) => readonly FromServer[];

export class SpoilingProxy {
  readonly url: string;
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(target: string, fault: Fault): Promise<SpoilingProxy> {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      maxPayload: 2 * limits.frameBytes,
      handleProtocols: (offered) => [...offered][0] ?? false,
    });
    server.on('connection', (socket) => void relay(socket, target, fault()));
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return new SpoilingProxy(server, `ws://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    for (const each of this.#server.clients) each.terminate();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function relay(socket: WebSocket, target: string, spoil: ReturnType<Fault>): void {
  const onward = new WebSocket(target, socket.protocol === '' ? [] : [socket.protocol]);
  const waiting: [RawData, boolean][] = [];
  socket.on('message', (data, binary) => {
    if (onward.readyState === WebSocket.OPEN) onward.send(data, { binary });
    else waiting.push([data, binary]);
  });
  onward.on('open', () => {
    for (const [data, binary] of waiting) onward.send(data, { binary });
  });
  onward.on('message', (data: Buffer, isBinary) => {
    const decoded = isBinary
      ? decodeFrame(fromServer, data, limits.frameBytes)
      : decodeJsonFrame(fromServer, data.toString(), limits.frameBytes);
    if (!decoded.ok) throw new Error(decoded.refusal.message);
    const messages = decoded.messages.flatMap(spoil);
    if (socket.protocol === subprotocols.json) {
      socket.send(joinJsonMessages(messages.map((each) => encodeJsonMessage(fromServer, each))));
    } else socket.send(joinMessages(messages.map((each) => encodeMessage(fromServer, each))));
  });
  onward.on('close', (code, reason) => socket.close(code === 1006 ? 1011 : code, reason));
  onward.on('error', () => socket.terminate());
  socket.on('close', () => onward.terminate());
}
