/**
 * Where a datagram goes, as text (`10.0.0.1:7800`, `[fd00::1]:7800`) and as the opaque bytes that processors tell each other:
 * an octet 4 or 6, the IP address, the port in network byte order.
 */
import { isIP } from 'node:net';
import { DriverError } from '../driver-error.ts';

export type Destination = { readonly address: string; readonly port: number };

const lengths = { 4: 7, 6: 19 } as const;
const portMax = 65_535;

/**
 * @param text an IP address and a port of 1 … 65,535
 * @throws DriverError `drivers-address` when it is something else
 */
export function parseDestination(text: string): Destination {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? '';
  const port = Number(digits);
  const isRight = isIP(address) === (bracketed === undefined ? 4 : 6) && port >= 1;
  if (isRight && port <= portMax) return { address, port };
  throw new DriverError(
    'drivers-address',
    `"${text}" is not an address: write an IP address and a port, as 10.0.0.1:7800 or [fd00::1]:7800.`,
  );
}

/** The same for every way in which an address of version 6 can be written. */
export function destinationText({ address, port }: Destination): string {
  return address.includes(':') ? `[${shortest(address)}]:${port}` : `${address}:${port}`;
}

/**
 * @throws DriverError `drivers-address` when nobody can be reached there: no IP address, a multicast address, one that
 *   stands for all interfaces
 */
export function encodeDestination(destination: Destination): Uint8Array {
  const { address, port } = destination;
  const ip = isIP(address) === 4 ? octetsOfIPv4(address) : octetsOfIPv6(address);
  const bytes = new Uint8Array([ip.length === 4 ? 4 : 6, ...ip, port >> 8, port & 255]);
  if (decodeDestination(bytes) !== null) return bytes;
  throw new DriverError(
    'drivers-address',
    `Others cannot reach ${destinationText(destination)}: advertise an IP address of one interface.`,
  );
}

/** Null for what is not the address of one processor. */
export function decodeDestination(bytes: Uint8Array): Destination | null {
  const [family = 0] = bytes;
  if ((family !== 4 && family !== 6) || bytes.length !== lengths[family]) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const port = view.getUint16(bytes.length - 2);
  const ip = bytes.subarray(1, -2);
  if (port === 0 || !isOfOneHost(ip)) return null;
  if (family === 4) return { address: ip.join('.'), port };
  const groups = Array.from({ length: 8 }, (_, at) => view.getUint16(1 + 2 * at).toString(16));
  return { address: groups.join(':'), port };
}

/** Neither unspecified nor multicast nor broadcast. */
function isOfOneHost(ip: Uint8Array): boolean {
  const [first = 0] = ip;
  if (ip.every((octet) => octet === 0) || first === 255) return false;
  return ip.length === 16 || (first !== 0 && first < 224);
}

function octetsOfIPv4(address: string): number[] {
  return address.split('.').map(Number);
}

function octetsOfIPv6(address: string): number[] {
  if (isIP(address) !== 6 || hasZone(address)) return [];
  const [head = '', tail] = shortest(address).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = new Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

/** A URL writes every IPv6 address in one way: hexadecimal groups, at most one run of zeros left out. */
function shortest(address: string): string {
  return hasZone(address) ? address : new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function hasZone(address: string): boolean {
  return address.includes('%');
}
