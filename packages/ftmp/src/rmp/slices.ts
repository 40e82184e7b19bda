/**
 * Messages of one source that come in slices (E15). They are of the same bytes however often they are sent again, so what has come is kept,
 * and of a message of many packets only those that were lost have to come once more.
 *
 * R6 The lowest numbers have the room first: what is contiguous grows, whatever else is under way.
 */
import { datagramBytesMax } from '../wire/index.ts';
import type { Slice } from '../wire/slice.ts';

/** What a message takes of the room at the least, in bytes: shorter ones need no slices. */
const roomLeast = 1_024;
/** A message of which so many parts are here, with something missing between them, is begun anew. */
const runsMax = 256;

type Gathered = {
  readonly bytes: Uint8Array;
  /** What is here: from, up to and without; rising, and with something missing between any two. */
  runs: { readonly from: number; readonly to: number }[];
};

export class Slices {
  readonly #bytesMax: number;
  readonly #gathered = new Map<number, Gathered>();
  #bytes = 0;

  /** @param windowBytes what the source may have under way, which may be one message more: there is as long as a byte of it is left */
  constructor(windowBytes: number) {
    this.#bytesMax = windowBytes + datagramBytesMax;
  }

  /** Takes a slice of the message with this number. @returns the message when all of it is here; null before, and when there is no room */
  take(sequence: number, { length, offset, content }: Slice): Uint8Array | null {
    const gathered = this.#message(sequence, length);
    if (gathered === null) return null;
    gathered.bytes.set(content, offset);
    gathered.runs = joined(gathered.runs, offset, offset + content.length);
    if (gathered.runs.length > runsMax) this.drop(sequence);
    const [{ from, to } = { from: 0, to: 0 }] = gathered.runs;
    if (to - from < length) return null;
    this.drop(sequence);
    return gathered.bytes;
  }

  clear(): void {
    this.#gathered.clear();
    this.#bytes = 0;
  }

  /** The message with this number is here, or not wanted any more. */
  drop(sequence: number): void {
    const gathered = this.#gathered.get(sequence);
    if (gathered === undefined) return;
    this.#gathered.delete(sequence);
    this.#bytes -= roomOf(gathered.bytes.length);
  }

  #message(sequence: number, length: number): Gathered | null {
    const known = this.#gathered.get(sequence);
    if (known?.bytes.length === length) return known;
    // What says that it is longer, or shorter, than what is here is of another message: one of both was forged.
    this.drop(sequence);
    if (!this.#makeRoom(sequence, length)) return null;
    const gathered: Gathered = { bytes: new Uint8Array(length), runs: [] };
    this.#gathered.set(sequence, gathered);
    this.#bytes += roomOf(length);
    return gathered;
  }

  /** R6 */
  #makeRoom(sequence: number, length: number): boolean {
    while (this.#bytes + roomOf(length) > this.#bytesMax) {
      let highest = 0;
      for (const known of this.#gathered.keys()) highest = Math.max(highest, known);
      if (highest < sequence) return false;
      this.drop(highest);
    }
    return true;
  }
}

function roomOf(length: number): number {
  return Math.max(length, roomLeast);
}

/** These runs and one more, of which nothing may be missing to those that it touches. */
function joined(runs: Gathered['runs'], from: number, to: number): Gathered['runs'] {
  const apart = runs.filter((run) => run.to < from || run.from > to);
  const touched = runs.filter((run) => run.to >= from && run.from <= to);
  const first = Math.min(from, ...touched.map((run) => run.from));
  const last = Math.max(to, ...touched.map((run) => run.to));
  return [...apart, { from: first, to: last }].sort((one, other) => one.from - other.from);
}
