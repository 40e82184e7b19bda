// The packets of a capture in pcap of the byte order and the resolution that dumpcap uses here.

const magic = 0xa1b2c3d4;
const headBytes = 24;
const recordBytes = 16;
const ethernet = 1;
const snapBytes = 262_144;

export type Packet = {
  /** Milliseconds since 1970, with microseconds behind the point. */
  readonly time: number;
  /** With the head of its record. */
  readonly record: Buffer;
};

/** All that are whole. */
export function packetsOf(capture: Buffer): readonly Packet[] {
  const packets: Packet[] = [];
  if (capture.length < headBytes) return packets;
  if (capture.readUInt32LE(0) !== magic)
    throw new Error('The capture is in another form than pcap.');
  for (let at = headBytes; at + recordBytes <= capture.length; ) {
    const length = recordBytes + capture.readUInt32LE(at + 8);
    if (at + length > capture.length) break;
    const time = capture.readUInt32LE(at) * 1_000 + capture.readUInt32LE(at + 4) / 1_000;
    packets.push({ time, record: capture.subarray(at, at + length) });
    at += length;
  }
  return packets;
}

/** A capture of these alone. */
export function captureOf(packets: readonly Packet[]): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(magic, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(snapBytes, 16);
  head.writeUInt32LE(ethernet, 20);
  return Buffer.concat([head, ...packets.map(({ record }) => record)]);
}
