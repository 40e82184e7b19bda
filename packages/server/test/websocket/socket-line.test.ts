/** The line of one socket tells how much of what it was given waits: a host sends no more without knowing. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HostDriver } from '../../src/host-driver.ts';
import { silence } from '../../src/log/log.ts';
import { binaryRendering } from '../../src/websocket/rendering.ts';
import { SocketLine } from '../../src/websocket/socket-line.ts';
import { NakedSocket } from '../hostile/naked-socket.ts';

/** More than the system takes for a reader that has stopped. */
const large = 16 * 1024 * 1024;

test('what was written while something else went out is told of, too', async () => {
  const { wire, reader } = await connected();
  const told: number[] = [];
  const driver = { opened: () => 1, closed() {}, drained: () => told.push(line.bufferedBytes) };
  const line = new SocketLine(driver as unknown as HostDriver, wire, silence);
  line.send(new Uint8Array(large));
  line.send(new Uint8Array(large));
  // The second is on its way, and with it all that waited when the first was through.
  await read(reader, large + large / 4);
  line.send(new Uint8Array(large));
  await read(reader, 3 * large);
  await until(() => line.bufferedBytes === 0);
  expect(told.at(-1)).toBe(0);
});

/** A WebSocket as the gateway gets it, and its other end, which reads nothing unless told to. */
async function connected() {
  const http = createServer();
  const webSockets = new WebSocketServer({ server: http });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const opened = once(webSockets, 'connection');
  const { socket: reader } = await NakedSocket.upgrade((http.address() as AddressInfo).port);
  reader.removeAllListeners('data').pause();
  const [webSocket, { socket }] = (await opened) as [WebSocket, IncomingMessage];
  onTestFinished(() => {
    reader.destroy();
    socket.destroy();
    http.close();
  });
  return { wire: { webSocket, socket, rendering: binaryRendering }, reader };
}

/** Reads until so many bytes have come in all, and no further. */
async function read(reader: Socket, bytes: number): Promise<void> {
  const come = (): void => {
    if (reader.bytesRead >= bytes) reader.pause();
  };
  reader.on('data', come).resume();
  await until(() => reader.bytesRead >= bytes);
  reader.off('data', come).pause();
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
