/** Reads a capture that is in memory. */
import {
  type Datagram,
  datagramsOf,
  noRemainder,
  type Remainder,
} from '../../src/capture/datagrams.ts';
import { packetsOf } from '../../src/capture/packets.ts';

export async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function readAll(
  capture: Buffer,
  pieceBytes = 65_536,
): Promise<{ readonly datagrams: readonly Datagram[]; readonly remainder: Remainder }> {
  const remainder = noRemainder();
  const datagrams: Datagram[] = [];
  for await (const datagram of datagramsOf(packetsOf(inPieces(capture, pieceBytes)), remainder)) {
    datagrams.push(datagram);
  }
  return { datagrams, remainder };
}
