/**
 * The network between one client and its server: a TCP relay on this machine that can be cut. The
 * client sees what it sees when a cable is pulled or a router restarts: a connection that breaks in
 * the middle of whatever was on its way.
 */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export class Link {
  /** The address that the client uses in place of the server's. */
  readonly url: string;
  readonly #relay: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(relay: Server, sockets: Set<Socket>, url: string) {
    this.#relay = relay;
    this.#sockets = sockets;
    this.url = url;
  }

  static async to(serverUrl: string): Promise<Link> {
    const { hostname, port } = new URL(serverUrl);
    const sockets = new Set<Socket>();
    const relay = createServer((near) => {
      join(near, connect(Number(port), hostname), sockets);
    });
    relay.listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const address = relay.address();
    if (address === null || typeof address === 'string') throw new Error('the relay has no port');
    return new Link(relay, sockets, `ws://127.0.0.1:${address.port}`);
  }

  /** Breaks every connection; false when there was none. */
  cut(): boolean {
    const cut = this.#sockets.size > 0;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    return cut;
  }

  close(): void {
    this.#relay.close();
    this.cut();
  }
}

function join(near: Socket, far: Socket, sockets: Set<Socket>): void {
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.pipe(other);
    // The cause is of no interest here: one side is gone, so the other one goes.
    socket.on('error', () => other.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  }
}
