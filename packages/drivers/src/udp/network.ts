/** What a processor sends through, and how it is opened. */

import { isIP } from 'node:net';
import type { GroupId, ProcessorId } from '@choir/ftmp';
import { DriverError } from '../driver-error.ts';
import type { AddressBook } from './address-book.ts';
import type { Traffic } from './datagram-socket.ts';
import { type Destination, parseDestination } from './destination.ts';

/** A socket for each processor; what is for a group is sent to each member. Needs nothing of the network. */
export type UnicastOptions = {
  readonly kind: 'unicast';
  /** The IP address to bind; `0.0.0.0` and `::` are all interfaces, and need `advertise`. */
  readonly host: string;
  /** 0 … 65,535; 0, which is the default, is any that is free. */
  readonly port?: number;
  /** The IP address at which others reach this processor, if it is not the bound one; with a port, if that differs too. */
  readonly advertise?: string;
  /**
   * Who may know the groups that are joined: `HOST:PORT`, with an IP address (of version 6 in brackets) or a name. A name stands for all of its addresses
   * of the version of `host`; it is looked up again, every 5 s at most, while a group is looked for.
   */
  readonly seeds?: readonly string[];
};

/** IP multicast on one interface (IPv4), and a socket for what is meant for one processor. */
export type MulticastOptions = {
  readonly kind: 'multicast';
  /** The IPv4 address of the interface. */
  readonly interface: string;
  /** The multicast address, 224.0.0.0 … 239.255.255.255. */
  readonly address: string;
  /** Of the multicast address, 1 … 65,535: the same for all. */
  readonly port: number;
  /** As for unicast. */
  readonly advertise?: string;
};

export type NetworkOptions = UnicastOptions | MulticastOptions;

export type Recipient = 'group' | 'anyone' | ProcessorId;

export interface Network {
  /** Where others reach this processor. */
  readonly own: Destination;
  readonly book: AddressBook;
  readonly sockets: readonly (Traffic & { readonly waiting: number })[];
  /** What the system keeps of what was received and not read yet. */
  readonly receiveBytes: number;
  send(group: GroupId, to: Recipient, datagram: Uint8Array): void;
  sendTo(destination: Destination, datagram: Uint8Array): void;
  close(): Promise<void>;
}

/**
 * Where this processor is reached, which is the bound address unless another is advertised.
 *
 * @throws DriverError `drivers-address` when that is no address
 */
export function advertised(bound: Destination, advertise: string | undefined): Destination {
  if (advertise === undefined) return bound;
  if (isIP(advertise) !== 0) return { address: advertise, port: bound.port };
  return parseDestination(advertise);
}

/** @throws DriverError `drivers-option` */
export function checkPort(name: string, port: number, least: number): void {
  if (Number.isInteger(port) && port >= least && port <= 65_535) return;
  throw new DriverError('drivers-option', `${name}: ${port} is not a port of ${least} … 65,535.`);
}

/** @throws DriverError `drivers-option` */
export function checkIP(name: string, address: string, versions: readonly (4 | 6)[]): void {
  const found = isIP(address);
  if (versions.some((version) => version === found)) return;
  const wanted = versions.map((version) => `IPv${version}`).join(' or ');
  throw new DriverError('drivers-option', `${name}: "${address}" is not an address of ${wanted}.`);
}
