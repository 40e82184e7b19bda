/**
 * IP multicast: what is for a group goes to one address, and a processor drops what is not its own.
 *
 * Two sockets. The first, bound to the multicast address, is shared by all processes of the machine and only receives; what is
 * sent to a shared port alone would meet any one of them, so each has a second, which sends everything.
 */
import type { GroupId } from '@choir/ftmp';
import { now } from '../clock.ts';
import { DriverError } from '../driver-error.ts';
import { AddressBook } from './address-book.ts';
import { type Arrival, DatagramSocket } from './datagram-socket.ts';
import { type Destination, encodeDestination } from './destination.ts';
import { Neighbours } from './neighbours.ts';
import {
  advertised,
  checkIP,
  checkPort,
  type MulticastOptions,
  type Network,
  type Recipient,
} from './network.ts';

type Places = {
  readonly own: Destination;
  readonly all: Destination;
  readonly neighbours: Neighbours;
};

/** Datagrams stay on the link. */
const hopsMax = 1;

export class MulticastNetwork implements Network {
  readonly own: Destination;
  readonly book: AddressBook;
  readonly sockets: readonly [DatagramSocket, DatagramSocket];
  readonly receiveBytes: number;
  readonly #all: Destination;
  readonly #neighbours: Neighbours;
  #isLooping = true;

  private constructor(
    sockets: readonly [DatagramSocket, DatagramSocket],
    { own, all, neighbours }: Places,
  ) {
    this.own = own;
    this.book = new AddressBook(own, []);
    this.sockets = sockets;
    this.receiveBytes = Math.min(...sockets.map((socket) => socket.enlarge()));
    this.#all = all;
    this.#neighbours = neighbours;
  }

  /** @throws DriverError for options that are none, an interface that does not exist or has no multicast */
  static async open(options: MulticastOptions, arrival: Arrival): Promise<MulticastNetwork> {
    const { address, port, interface: local, advertise } = options;
    checkIP('interface', local, [4]);
    checkMulticast(address);
    checkPort('port', port, 1);
    const all = { address, port };
    const opened: DatagramSocket[] = [];
    try {
      const single = await DatagramSocket.open({ address: local, port: 0 }, { arrival });
      opened.push(single);
      const neighbours = new Neighbours(single.bound);
      const fromOthers: Arrival = (datagram, from) => {
        if (!neighbours.heard(from, now())) arrival(datagram, from);
      };
      const shared = await DatagramSocket.open(all, { arrival: fromOthers, shared: true });
      opened.push(shared);
      const own = advertised(single.bound, advertise);
      encodeDestination(own);
      enter(shared, single, options);
      return new MulticastNetwork([shared, single], { own, all, neighbours });
    } catch (error) {
      await Promise.all(opened.map((socket) => socket.close()));
      throw error;
    }
  }

  send(_group: GroupId, to: Recipient, datagram: Uint8Array): void {
    if (typeof to !== 'number') {
      this.#loop(this.#neighbours.loops(now()));
      this.sendTo(this.#all, datagram);
      return;
    }
    const destination = this.book.of(to);
    if (destination !== undefined) this.sendTo(destination, datagram);
  }

  sendTo(destination: Destination, datagram: Uint8Array): void {
    this.sockets[1].send(datagram, destination);
  }

  #loop(isWanted: boolean): void {
    if (isWanted === this.#isLooping) return;
    this.#isLooping = isWanted;
    this.sockets[1].options.setMulticastLoopback(isWanted);
  }

  async close(): Promise<void> {
    await Promise.all(this.sockets.map((socket) => socket.close()));
  }
}

function enter(
  shared: DatagramSocket,
  single: DatagramSocket,
  { address, interface: local }: MulticastOptions,
): void {
  try {
    shared.options.addMembership(address, local);
    single.options.setMulticastInterface(local);
    single.options.setMulticastTTL(hopsMax);
    single.options.setMulticastLoopback(true);
  } catch (error) {
    const { message } = error as Error;
    throw new DriverError(
      'drivers-socket',
      `${address} cannot be joined on the interface ${local} (${message}): give an interface of this machine that has multicast, or use unicast.`,
      { cause: error },
    );
  }
}

function checkMulticast(address: string): void {
  checkIP('address', address, [4]);
  const first = Number.parseInt(address, 10);
  if (first >= 224 && first <= 239) return;
  throw new DriverError(
    'drivers-option',
    `address: ${address} is not a multicast address (224.0.0.0 … 239.255.255.255).`,
  );
}
