/**
 * The snapshot of one marker, as its provider sends it: piece by piece, whenever there is room for the next.
 *
 * T5 What all whom it is for have of transfers that broke off is not sent again, once they have said so.
 */
import { crc32 } from '@choir/bytes';
import type { ProcessorId } from '@choir/ftmp';
import { Cutting, type PieceSizes } from './cutting.ts';
import { bytesOfDigests, type Digest } from './digests.ts';
import { samePiecesMax } from './limits.ts';
import type { MessageOf } from './message.ts';

export type OutgoingTransferOptions = {
  readonly number: number;
  /** At the marker. */
  readonly roll: Uint8Array;
  readonly digest: Digest;
  readonly pieceSizes: PieceSizes;
};

/** The piece that comes next, and its digest once that was wanted; empty at the end. */
type Ahead = { readonly bytes: Uint8Array; digest: string | null } | 'failed';

type OfTransfer = MessageOf<'piece' | 'same' | 'whole' | 'failed'>;

export class OutgoingTransfer {
  readonly #options: OutgoingTransferOptions;
  /** What each of those whom it is for said that it has. */
  readonly #had = new Map<ProcessorId, ReadonlySet<string>>();
  /** Null until it was given. */
  #snapshot: Cutting | null = null;
  /** Null until it was cut. */
  #ahead: Ahead | null = null;
  #sum = 0;

  constructor(options: OutgoingTransferOptions) {
    this.#options = options;
  }

  /** Gives the snapshot, which is gone through as `next` is called. */
  provide(snapshot: Iterable<Uint8Array>): void {
    this.#snapshot = new Cutting(snapshot, this.#options.pieceSizes);
  }

  /** One whom it is for has these pieces already. */
  has(receiver: ProcessorId, digests: readonly string[]): void {
    this.#had.set(receiver, new Set(digests));
  }

  /**
   * What is to be said next; `whole` and `failed` are the last. Null while there is no snapshot.
   *
   * @param receivers those whom it is for
   */
  next(receivers: readonly ProcessorId[]): OfTransfer | null {
    if (this.#snapshot === null) return null;
    const { number: transfer, roll } = this.#options;
    const digests = this.#passOver(this.#snapshot, receivers);
    if (digests.length > 0) return { kind: 'same', transfer, bytes: bytesOfDigests(digests) };
    const ahead = this.#peek(this.#snapshot);
    if (ahead === 'failed') return { kind: 'failed', transfer };
    const { bytes } = ahead;
    if (bytes.length === 0) return { kind: 'whole', transfer, sum: this.#sum, roll };
    this.#take(bytes);
    return { kind: 'piece', transfer, bytes };
  }

  /** Nobody wants what is left of it. */
  close(): void {
    this.#snapshot?.close();
  }

  /** The pieces that come next and that all have; none when somebody has said nothing. */
  #passOver(snapshot: Cutting, receivers: readonly ProcessorId[]): readonly string[] {
    const digests: string[] = [];
    const had = receivers.flatMap((id) => this.#had.get(id) ?? []);
    if (had.length === 0 || had.length < receivers.length) return digests;
    while (digests.length < samePiecesMax) {
      const ahead = this.#peek(snapshot);
      if (ahead === 'failed' || ahead.bytes.length === 0) break;
      ahead.digest ??= this.#options.digest(ahead.bytes);
      const { digest } = ahead;
      if (!had.every((one) => one.has(digest))) break;
      digests.push(digest);
      this.#take(ahead.bytes);
    }
    return digests;
  }

  /** What the application throws is its own; the joiner goes to the next provider. */
  #peek(snapshot: Cutting): Ahead {
    if (this.#ahead !== null) return this.#ahead;
    try {
      this.#ahead = { bytes: snapshot.next(), digest: null };
    } catch {
      this.#ahead = 'failed';
    }
    return this.#ahead;
  }

  #take(bytes: Uint8Array): void {
    this.#sum = crc32(bytes, this.#sum);
    this.#ahead = null;
  }
}
