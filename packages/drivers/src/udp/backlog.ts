/** Whether the system holds datagrams that were not read yet, as far as can be told: Node.js does not say. */
import type { Traffic } from './datagram-socket.ts';

/** Node.js reads a socket so often, while there is something, before other things of the loop have their turn; the turn may come one early. */
const readsAtOnce = 31;

export class Backlog {
  readonly #sockets: readonly Traffic[];
  /** What had been read of each. */
  #read: readonly number[];

  constructor(sockets: readonly Traffic[]) {
    this.#sockets = sockets;
    this.#read = sockets.map(() => 0);
  }

  /** To be asked once in a turn of the event loop. */
  isAny(): boolean {
    const before = this.#read;
    this.#read = this.#sockets.map(({ receivedDatagrams }) => receivedDatagrams);
    return this.#read.some((read, at) => read - (before[at] ?? 0) >= readsAtOnce);
  }
}
