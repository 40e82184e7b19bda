import type { Readable } from 'node:stream';
import { checkInput } from './readable-input.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

export type LineLimit = {
  /** Of a line without its end; what is longer is passed over, and not kept while it is read. */
  readonly bytesMax: number;
  /** Is told of a line that is too long, by its number from 1 on, as soon as that is seen. */
  readonly onTooLong: (number: number) => void;
};

const noLimit: LineLimit = { bytesMax: Number.POSITIVE_INFINITY, onTooLong: () => {} };

/** The lines of a stream as they come, byte by byte, each without its line end. @throws Failure when it is a directory */
export async function* inputLines(
  input: Readable,
  limit: LineLimit = noLimit,
): AsyncIterable<Uint8Array> {
  checkInput(input);
  const begun = new BegunLine(limit);
  for await (const chunk of input) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      const line = begun.end(bytes.subarray(start, end));
      if (line !== null) yield line;
      start = end + 1;
    }
    if (start < bytes.length) begun.add(bytes.subarray(start));
  }
  if (begun.isEmpty) return;
  const last = begun.end(Buffer.alloc(0));
  if (last !== null) yield last;
}

/** All of a stream, byte by byte. @throws Failure when it is a directory */
export async function inputBytes(input: Readable): Promise<Uint8Array> {
  checkInput(input);
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The line whose end has not come. Its parts are put together once, so a long one costs no more than its bytes. */
class BegunLine {
  readonly #limit: LineLimit;
  #number = 1;
  #parts: Buffer[] = [];
  #bytes = 0;
  #isTooLong = false;

  constructor(limit: LineLimit) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#isTooLong) return;
    this.#parts.push(part);
    // One more may be the carriage return of its end.
    if (this.#bytes > this.#limit.bytesMax + 1) this.#passOver();
  }

  /** The whole line; null when it was too long. */
  end(part: Buffer): Uint8Array | null {
    this.add(part);
    const line = withoutReturn(
      this.#parts.length === 1 ? (this.#parts[0] ?? part) : Buffer.concat(this.#parts),
    );
    if (!this.#isTooLong && line.length > this.#limit.bytesMax) this.#passOver();
    const isTaken = !this.#isTooLong;
    this.#number += 1;
    this.#parts = [];
    this.#bytes = 0;
    this.#isTooLong = false;
    return isTaken ? line : null;
  }

  #passOver(): void {
    this.#isTooLong = true;
    this.#parts = [];
    this.#limit.onTooLong(this.#number);
  }
}

function withoutReturn(line: Buffer): Uint8Array {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
}
