/** Fan-out: one socket; what is for a group is sent to each of its processors. */
import { isIPv6 } from 'node:net';
import type { GroupId } from '@choir/ftmp';
import { now } from '../clock.ts';
import { AddressBook } from './address-book.ts';
import { type Arrival, DatagramSocket } from './datagram-socket.ts';
import { type Destination, encodeDestination } from './destination.ts';
import {
  advertised,
  checkIP,
  checkPort,
  type Network,
  type Recipient,
  type UnicastOptions,
} from './network.ts';
import { SeedAddresses } from './seed-addresses.ts';

export class UnicastNetwork implements Network {
  readonly own: Destination;
  readonly book: AddressBook;
  readonly sockets: readonly [DatagramSocket];
  readonly receiveBytes: number;
  readonly #seeds: SeedAddresses;

  private constructor(socket: DatagramSocket, own: Destination, seeds: SeedAddresses) {
    this.own = own;
    this.#seeds = seeds;
    this.book = new AddressBook(own, seeds);
    this.sockets = [socket];
    this.receiveBytes = socket.enlarge();
  }

  /** @throws DriverError for options that are none, and a port that is taken */
  static async open(options: UnicastOptions, arrival: Arrival): Promise<UnicastNetwork> {
    const { host, port = 0, advertise, seeds = [] } = options;
    checkIP('host', host, [4, 6]);
    checkPort('port', port, 0);
    const failed = (code: string): void => socket.failed(code);
    const addresses = new SeedAddresses(seeds, { family: isIPv6(host) ? 6 : 4, failed });
    const socket = await DatagramSocket.open({ address: host, port }, { arrival });
    try {
      const own = advertised(socket.bound, advertise);
      encodeDestination(own);
      addresses.renew(now());
      return new UnicastNetwork(socket, own, addresses);
    } catch (error) {
      await socket.close();
      throw error;
    }
  }

  send(group: GroupId, to: Recipient, datagram: Uint8Array): void {
    if (typeof to === 'number') {
      const destination = this.book.of(to);
      if (destination !== undefined) this.sendTo(destination, datagram);
      return;
    }
    if (to === 'anyone') this.#seeds.renew(now());
    const all = to === 'group' ? this.book.group(group) : this.book.anyone();
    for (const destination of all) this.sendTo(destination, datagram);
  }

  sendTo(destination: Destination, datagram: Uint8Array): void {
    this.sockets[0].send(datagram, destination);
  }

  close(): Promise<void> {
    return this.sockets[0].close();
  }
}
