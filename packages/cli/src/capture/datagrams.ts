/** The datagrams of UDP in a capture, in the order in which they were complete. */
import { readInternet } from './internet.ts';
import { internetPacket, isLinkKnown } from './link-layer.ts';
import type { Packet } from './packet.ts';
import { Reassembly } from './reassembly.ts';

export type Endpoint = { readonly address: string; readonly port: number };

export type Datagram = {
  /** Milliseconds since 1970, with a fraction; null where it is not known. */
  readonly time: number | null;
  /** The number of its packet in the capture, from 1; of several fragments, of the one that came last. */
  readonly frame: number | null;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly bytes: Buffer;
  /** Bytes that were sent and not captured. */
  readonly missing: number;
};

/** What there was beside datagrams. */
export type Remainder = {
  packets: number;
  /** Packets that are no UDP, or damaged in their headers. */
  others: number;
  /** Packets by link types that cannot be read. */
  readonly links: Map<number, number>;
  /** Packets of which fragments are missing. */
  incomplete: number;
};

const udp = 17;
const headerBytes = 8;

export function noRemainder(): Remainder {
  return { packets: 0, others: 0, links: new Map(), incomplete: 0 };
}

/** @param remainder is kept up to date with what was passed over */
export async function* datagramsOf(
  packets: AsyncIterable<Packet>,
  remainder: Remainder,
): AsyncGenerator<Datagram> {
  const reassembly = new Reassembly();
  for await (const packet of packets) {
    remainder.packets += 1;
    const { linkType } = packet;
    if (!isLinkKnown(linkType)) {
      remainder.links.set(linkType, (remainder.links.get(linkType) ?? 0) + 1);
      continue;
    }
    const bytes = internetPacket(linkType, packet.bytes);
    const part = bytes === null ? null : readInternet(bytes);
    if (part === null || part.protocol !== udp) {
      remainder.others += 1;
      continue;
    }
    const whole = reassembly.take(part, packet.time ?? 0);
    if (whole === null) continue;
    const { payload, source, destination } = whole;
    if (payload.length < headerBytes) {
      remainder.others += 1;
      continue;
    }
    // 0 for datagrams that are longer than the field can say.
    const length = payload.readUInt16BE(4) || payload.length;
    yield {
      time: packet.time,
      frame: remainder.packets,
      from: { address: source, port: payload.readUInt16BE(0) },
      to: { address: destination, port: payload.readUInt16BE(2) },
      bytes: payload.subarray(headerBytes, Math.max(length, headerBytes)),
      missing: Math.max(0, length - payload.length),
    };
  }
  reassembly.end();
  remainder.incomplete = reassembly.incomplete;
}

/** `127.0.0.1:7400`, `[::1]:7400`. */
export function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
