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

type State =
  | { readonly kind: 'between' }
  | {
      readonly kind: 'within';
      readonly pieces: Uint8Array[];
      bytes: number;
      request: Request | null;
    }
  /** Within a message whose beginning a joiner, who follows the order to its first view, has not seen. */
  | { readonly kind: 'headless' }
  /** Nothing counts until the source restarts. */
  | { readonly kind: 'void' };

const between: State = { kind: 'between' };

export class Assembly {
  readonly #states = new Map<ProcessorId, State>();
  #isFollowing = false;
  /** Messages that were given up because they were longer than allowed. */
  oversize = 0;

  /** Takes the next part of a source; the message that it completes, or null. */
  take(source: ProcessorId, part: Part): Assembled | null {
    const state = part.restart ? between : (this.#states.get(source) ?? between);
    if (state.kind === 'void') return null;
    if (part.first && part.last) {
      if (state !== between || part.restart) this.#states.set(source, between);
      return part;
    }
    if (part.first) {
      const { request, bytes } = part;
      const pieces = [kept(bytes)];
      this.#states.set(source, { kind: 'within', pieces, bytes: bytes.length, request });
      return null;
    }
    if (state.kind === 'within') return this.#continue(source, state, part);
    // The beginning was before this processor's time. Behind its first view that is void for all others, too.
    if (this.#isFollowing) this.#states.set(source, part.last ? between : { kind: 'headless' });
    else this.#states.set(source, { kind: 'void' });
    return null;
  }

  /** A processor is added here: what is incomplete is void. `first`: it is this one, and its first view. */
  added(first: boolean): void {
    if (first) this.#isFollowing = false;
    for (const [source, { kind }] of this.#states) {
      if (kind !== 'between') this.#states.set(source, { kind: 'void' });
    }
  }

  /** This processor joins: from now on it follows the order up to its first view. */
  follow(): void {
    this.#isFollowing = true;
  }

  /** What there is of the incomplete message of this source; null when there is none. */
  incomplete(source: ProcessorId): Incomplete | null {
    const state = this.#states.get(source);
    return state?.kind === 'within' ? state : null;
  }

  forget(source: ProcessorId): void {
    this.#states.delete(source);
  }

  #continue(
    source: ProcessorId,
    state: Extract<State, { kind: 'within' }>,
    part: Part,
  ): Assembled | null {
    state.bytes += part.bytes.length;
    if (state.bytes > messageBytesMax || state.pieces.length >= piecesMax) {
      this.oversize += 1;
      this.#states.set(source, { kind: 'void' });
      return null;
    }
    state.pieces.push(part.last ? part.bytes : kept(part.bytes));
    if (!part.last) return null;
    this.#states.set(source, between);
    return { request: state.request, bytes: joined(state.pieces) };
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
