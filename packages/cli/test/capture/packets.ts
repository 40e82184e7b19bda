/** Packets as networks carry them, made for tests: IPv4 and IPv6, whole or in fragments, on every kind of link. */
import { isIPv4 } from 'node:net';

export type Way = {
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
};

export const way: Way = { from: '10.0.0.1', fromPort: 4001, to: '239.1.2.3', toPort: 7400 };
export const wayOfSix: Way = { from: 'fe80::1:0:0:2', fromPort: 4001, to: 'ff02::5', toPort: 7400 };

/** With `length` other than that of the data, the datagram is not whole. */
export function udp({ fromPort, toPort }: Way, data: Uint8Array, length = data.length): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(fromPort, 0);
  header.writeUInt16BE(toPort, 2);
  header.writeUInt16BE(8 + length, 4);
  return Buffer.concat([header, data]);
}

type Piece = { readonly id: number; readonly offset: number; readonly isLast: boolean };
const whole: Piece = { id: 1, offset: 0, isLast: true };

export function internet(path: Way, payload: Buffer, piece: Piece = whole): Buffer {
  return isIPv4(path.from) ? four(path, payload, piece) : six(path, payload, piece);
}

/** The same datagram in several packets of the internet protocol, each with at most so many bytes of it. */
export function fragments(path: Way, payload: Buffer, id: number, bytesMax: number): Buffer[] {
  const packets: Buffer[] = [];
  for (let offset = 0; offset < payload.length; offset += bytesMax) {
    const isLast = offset + bytesMax >= payload.length;
    const part = payload.subarray(offset, offset + bytesMax);
    packets.push(internet(path, part, { id, offset, isLast }));
  }
  return packets;
}

function four({ from, to }: Way, payload: Buffer, { id, offset, isLast }: Piece): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt16BE(id, 4);
  header.writeUInt16BE((isLast ? 0 : 0x2000) | (offset / 8), 6);
  header[8] = 64;
  header[9] = 17;
  header.set(from.split('.').map(Number), 12);
  header.set(to.split('.').map(Number), 16);
  return Buffer.concat([header, payload]);
}

function six({ from, to }: Way, payload: Buffer, { id, offset, isLast }: Piece): Buffer {
  const isWhole = offset === 0 && isLast;
  const fragment = Buffer.alloc(isWhole ? 0 : 8);
  if (!isWhole) {
    fragment[0] = 17;
    fragment.writeUInt16BE(offset | (isLast ? 0 : 1), 2);
    fragment.writeUInt32BE(id, 4);
  }
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(fragment.length + payload.length, 4);
  header[6] = isWhole ? 17 : 44;
  header[7] = 64;
  header.set(sixBytes(from), 8);
  header.set(sixBytes(to), 24);
  return Buffer.concat([header, fragment, payload]);
}

function sixBytes(address: string): Buffer {
  const [before = '', after] = address.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const [head, tail] = [groups(before), groups(after)];
  const zeros = Array<string>(8 - head.length - tail.length).fill('0');
  const all = [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function etherType(packet: Buffer): Buffer {
  return Buffer.from((packet[0] ?? 0) >> 4 === 4 ? [0x08, 0x00] : [0x86, 0xdd]);
}

/** Each kind of link that is read: its number, and how a packet stands on it. */
export const links: readonly (readonly [
  name: string,
  linkType: number,
  frame: (packet: Buffer) => Buffer,
])[] = [
  ['Ethernet', 1, (packet) => Buffer.concat([Buffer.alloc(12), etherType(packet), packet])],
  [
    'Ethernet with two tags of virtual networks',
    1,
    (packet) =>
      Buffer.concat([
        Buffer.alloc(12),
        Buffer.from([0x88, 0xa8, 0, 1, 0x81, 0x00, 0, 2]),
        etherType(packet),
        packet,
      ]),
  ],
  ['loopback of BSD, little endian', 0, (packet) => Buffer.concat([family(packet, true), packet])],
  ['loopback of BSD, big endian', 0, (packet) => Buffer.concat([family(packet, false), packet])],
  ['loopback of OpenBSD', 108, (packet) => Buffer.concat([family(packet, false), packet])],
  ['raw', 101, (packet) => packet],
  [
    'cooked of Linux',
    113,
    (packet) => Buffer.concat([Buffer.alloc(14), etherType(packet), packet]),
  ],
  [
    'cooked of Linux, version 2',
    276,
    (packet) => Buffer.concat([etherType(packet), Buffer.alloc(18), packet]),
  ],
];

function family(packet: Buffer, isLittle: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  const number = (packet[0] ?? 0) >> 4 === 4 ? 2 : 30;
  if (isLittle) bytes.writeUInt32LE(number);
  else bytes.writeUInt32BE(number);
  return bytes;
}

export function ethernet(packet: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(12), etherType(packet), packet]);
}
