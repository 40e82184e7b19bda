import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The lines of a stream as they come, each without its line end. */
export function inputLines(input: Readable): AsyncIterable<string> {
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY, terminal: false });
}

/** All of a stream, byte by byte. */
export async function inputBytes(input: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
