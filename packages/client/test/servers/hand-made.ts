/** A server made by hand: it accepts WebSockets, and says what the test lets it say. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

/** RFC 6455, 1.3 */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export type HandMade = {
  readonly url: string;
  /** How many came. */
  readonly visits: () => number;
  /** The sub-protocols that the last one offered. */
  readonly offered: () => string;
};

/** `protocol`: what it picks, whatever is offered. `frame`: what it sends to everybody at once. */
export async function handMade(protocol: string, frame: Uint8Array): Promise<HandMade> {
  const http = createServer();
  const sockets = new Set<Duplex>();
  let offered = '';
  let visits = 0;
  http.on('upgrade', ({ headers }: IncomingMessage, socket: Duplex) => {
    visits += 1;
    offered = headers['sec-websocket-protocol'] ?? '';
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    const key = `${headers['sec-websocket-key']}${guid}`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
    );
    if (frame.length > 0) socket.write(new Uint8Array([0x82, frame.length, ...frame]));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    http.close();
  });
  const { port } = http.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}`, visits: () => visits, offered: () => offered };
}
