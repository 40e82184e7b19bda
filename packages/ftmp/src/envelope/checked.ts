/**
 * The envelope of datagrams that are not encrypted: the message, and its CRC-32 behind it in network byte order (E11). The
 * checksum of UDP lets damage pass that matters here.
 */
import { crc32 } from '@choir/bytes';

/** Makes a datagram of a message, and the message of a datagram; null for one that is not whole or not allowed. */
export type DatagramEnvelope = {
  readonly seal: (message: Uint8Array) => Uint8Array;
  readonly open: (datagram: Uint8Array) => Uint8Array | null;
  /** How much longer a datagram is than its message. */
  readonly overheadBytes: number;
};

const sumBytes = 4;

export const checked: DatagramEnvelope = {
  overheadBytes: sumBytes,
  seal(message) {
    const datagram = new Uint8Array(message.length + sumBytes);
    datagram.set(message);
    new DataView(datagram.buffer).setUint32(message.length, crc32(message));
    return datagram;
  },
  open(datagram) {
    const length = datagram.length - sumBytes;
    if (length < 0) return null;
    const message = datagram.subarray(0, length);
    const view = new DataView(datagram.buffer, datagram.byteOffset, datagram.length);
    return view.getUint32(length) === crc32(message) ? message : null;
  },
};
