/** Accepts WebSockets, and agrees on the rendering of the protocol that is spoken. */
import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { limits, subprotocols } from '@choir/protocol';
import { WebSocketServer } from 'ws';
import type { Door, TurnedAway } from '../gate/door.ts';
import type { HostDriver } from '../host-driver.ts';
import type { Log } from '../log/log.ts';
import type { Traffic } from '../metrics/traffic.ts';
import { chooseSubprotocol, refuseVersion, speaksAnotherVersion } from './negotiation.ts';
import { PatientWebSocket } from './patient-web-socket.ts';
import { binaryRendering, jsonRendering } from './rendering.ts';
import { SocketLine } from './socket-line.ts';

/** At the end of the server, a client that does not answer the close is cut off after this. */
const lingerMs = 3_000;

/** Who keeps an eye on the connections. */
export type Watch = { readonly traffic: Traffic; readonly log: Log };

export class Gateway {
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    WebSocket: PatientWebSocket,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    handleProtocols: chooseSubprotocol,
  });
  readonly #driver: HostDriver;
  readonly #door: Door;
  readonly #watch: Watch;

  constructor(driver: HostDriver, http: Server, door: Door, watch: Watch) {
    this.#driver = driver;
    this.#watch = watch;
    this.#door = door;
    http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Node.js: the stream is the connection's `net.Socket`, unless the caller made another.
      this.#upgrade(request, socket as Socket, head);
    });
  }

  /** Resolves when every client has gone; those that linger are cut off. */
  async closed(): Promise<void> {
    const open = [...this.#webSockets.clients];
    const linger = setTimeout(() => {
      for (const each of open) each.terminate();
    }, lingerMs);
    await Promise.all(open.map((each) => new Promise((resolve) => each.on('close', resolve))));
    clearTimeout(linger);
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const turnedAway = this.#door.turnsAway(request, socket);
    if (turnedAway !== null) {
      const address = this.#door.addressOf(request, socket);
      this.#watch.log.info({ address, problem: turnedAway.problem }, 'turned away');
      turnAway(socket, turnedAway);
      return;
    }
    socket.setNoDelay(true);
    this.#watch.traffic.add(socket);
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (speaksAnotherVersion(webSocket)) {
        refuseVersion(webSocket);
        return;
      }
      const isJson = webSocket.protocol === subprotocols.json;
      const rendering = isJson ? jsonRendering : binaryRendering;
      new SocketLine(this.#driver, { webSocket, socket, rendering }, this.#watch.log);
    });
  }
}

/** Node.js has let go of the socket: nobody else hears of its errors, nor ends it. */
function turnAway(socket: Socket, { status, problem }: TurnedAway): void {
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${problem}\n`);
}
