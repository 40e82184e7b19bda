/** The packets of a capture, whichever of the two formats it has. */
import { ByteSource } from './byte-source.ts';
import { CaptureError } from './capture-error.ts';
import type { Packet } from './packet.ts';
import { isPcap, pcapPackets } from './pcap.ts';
import { pcapngPackets, sectionBlock } from './pcapng.ts';

/** @throws CaptureError when it is no capture, or where it is damaged */
export async function* packetsOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Packet> {
  const source = new ByteSource(pieces);
  const magic = await firstWord(source);
  if (magic === null) throw new CaptureError('NOT_A_CAPTURE', 'it is empty');
  if (magic === sectionBlock) yield* pcapngPackets(source);
  else if (isPcap(magic)) yield* pcapPackets(source, magic);
  else throw new CaptureError('NOT_A_CAPTURE', 'it begins like neither pcap nor pcapng');
}

/** 0 when there are no four bytes; null when there is none. */
async function firstWord(source: ByteSource): Promise<number | null> {
  try {
    return (await source.take(4))?.readUInt32BE() ?? null;
  } catch (error) {
    if (error instanceof CaptureError) return 0;
    throw error;
  }
}
