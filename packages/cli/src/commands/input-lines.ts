import type { Readable } from 'node:stream';

const newline = 0x0a;
const carriageReturn = 0x0d;

/** The lines of a stream as they come, byte by byte, each without its line end. */
export async function* inputLines(input: Readable): AsyncIterable<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of input) {
    rest = Buffer.concat([rest, Buffer.from(chunk)]);
    let start = 0;
    for (let end = rest.indexOf(newline); end !== -1; end = rest.indexOf(newline, start)) {
      yield withoutReturn(rest.subarray(start, end));
      start = end + 1;
    }
    rest = rest.subarray(start);
  }
  if (rest.length > 0) yield withoutReturn(rest);
}

/** All of a stream, byte by byte. */
export async function inputBytes(input: Readable): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function withoutReturn(line: Buffer): Uint8Array {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
}
