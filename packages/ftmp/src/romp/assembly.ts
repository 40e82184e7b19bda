/**
 * Messages from parts (E1, E2): whole ones pass, pieces wait for the last, whose place is the place of the whole.
 *
 * A processor that is added has not seen the pieces before it, so a message that is incomplete there is void, with
 * everything of its source behind it, up to the part that says `restart`. All members decide so at the same place.
 *
 * M1 What is held for a source is at most twice the longest message, whatever it sends: a piece is a view of its datagram, and
 *    one that is less than half of it is copied.
 */
import type { ProcessorId } from '../ids.ts';
import type { Part, Request } from '../wire/index.ts';
import { Stages } from './stages.ts';

const messageBytesMax = 16 * 1024 * 1024;

/** Pieces of a message: a sender fills datagrams, so more than these are somebody's mischief. */
const piecesMax = 65_536;
/** How many times its own length a piece may hold. */
const heldTimesMax = 2;

export type Assembled = { readonly request: Request | null; readonly bytes: Uint8Array };

/** A message whose last piece has not come. */
export type Incomplete = {
  readonly pieces: readonly Uint8Array[];
  readonly request: Request | null;
};

type Begun = { readonly pieces: Uint8Array[]; bytes: number; readonly request: Request | null };

export class Assembly {
  readonly stages = new Stages();
  /** Of those that are within a message whose beginning this processor has seen. */
  readonly #begun = new Map<ProcessorId, Begun>();
  /** Messages that were given up because they were longer than allowed. */
  oversize = 0;

  /** Takes the next part of a source; the message that it completes, or null. */
  take(source: ProcessorId, part: Part): Assembled | null {
    const stage = this.stages.take(source, part);
    if (part.first || stage === 'void') this.#begun.delete(source);
    if (stage === 'void') return null;
    if (!part.first) return this.#continue(source, part);
    if (part.last) return part;
    const { request, bytes } = part;
    this.#begun.set(source, { pieces: [kept(bytes)], bytes: bytes.length, request });
    return null;
  }

  /** A processor is added here: what is incomplete is void. */
  added(): void {
    this.stages.added();
    this.#begun.clear();
  }

  /** What there is of the incomplete message of this source; null when there is none. */
  incomplete(source: ProcessorId): Incomplete | null {
    return this.#begun.get(source) ?? null;
  }

  forget(source: ProcessorId): void {
    this.stages.put(source, 'between');
    this.#begun.delete(source);
  }

  #continue(source: ProcessorId, part: Part): Assembled | null {
    const begun = this.#begun.get(source);
    // It was longer than allowed, or a joiner has not seen its beginning; nothing is given before the first view, nor complete behind it.
    if (begun === undefined) return null;
    begun.bytes += part.bytes.length;
    if (begun.bytes > messageBytesMax || begun.pieces.length >= piecesMax) {
      this.oversize += 1;
      // Its stage goes on: who came within it has not counted (M2).
      this.#begun.delete(source);
      return null;
    }
    begun.pieces.push(part.last ? part.bytes : kept(part.bytes));
    if (!part.last) return null;
    this.#begun.delete(source);
    return { request: begun.request, bytes: joined(begun.pieces) };
  }
}

/** M1; not by `slice`, which copies nothing where the datagram is a Buffer. */
function kept(piece: Uint8Array): Uint8Array {
  return piece.buffer.byteLength > heldTimesMax * piece.length ? new Uint8Array(piece) : piece;
}

/** A message from its pieces. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
