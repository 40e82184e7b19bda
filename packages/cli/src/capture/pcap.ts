/**
 * Captures as tcpdump writes them (pcap): a header of 24 bytes, then packets, each behind a header of 16. In the byte order of
 * the machine that wrote it; the magic number says which, and whether times have microseconds or nanoseconds.
 */
import type { ByteSource } from './byte-source.ts';
import { CaptureError } from './capture-error.ts';
import { type Packet, packetBytesMax } from './packet.ts';

type Form = { readonly little: boolean; readonly perSecond: number };

const forms: ReadonlyMap<number, Form> = new Map([
  [0xa1b2c3d4, { little: false, perSecond: 1e6 }],
  [0xd4c3b2a1, { little: true, perSecond: 1e6 }],
  [0xa1b23c4d, { little: false, perSecond: 1e9 }],
  [0x4d3cb2a1, { little: true, perSecond: 1e9 }],
]);
const restOfHeaderBytes = 20;
const packetHeaderBytes = 16;
const linkTypeAt = 16;
/** The bits above say how long a checksum is that may follow each packet. */
const linkTypeBits = 0xffff;

export function isPcap(magic: number): boolean {
  return forms.has(magic);
}

/** The packets of a capture of which the first four bytes have been taken. */
export async function* pcapPackets(source: ByteSource, magic: number): AsyncGenerator<Packet> {
  const form = forms.get(magic);
  const header = await source.take(restOfHeaderBytes);
  if (form === undefined || header === null) {
    throw new CaptureError('CUT_OFF', 'it ends within its header');
  }
  const { little, perSecond } = form;
  const u32 = (bytes: Buffer, at: number) =>
    little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
  const linkType = u32(header, linkTypeAt) & linkTypeBits;
  for (;;) {
    const head = await source.take(packetHeaderBytes);
    if (head === null) return;
    const length = u32(head, 8);
    if (length > packetBytesMax) {
      throw new CaptureError('DAMAGED', `a packet claims to have ${length} bytes`);
    }
    const bytes = await source.take(length);
    if (bytes === null) throw new CaptureError('CUT_OFF', 'it ends within a packet');
    const time = (u32(head, 0) + u32(head, 4) / perSecond) * 1_000;
    yield { time, linkType, bytes };
  }
}
