/**
 * The joiner's side of a transfer: from the first view of FTMP until the state was taken over.
 *
 * T1 From the marker on everything is kept, to be gone through after the state; what was kept before is forgotten.
 * T5 The pieces of a transfer that breaks off are kept, and the next provider is told of them. They are known by their content, so that none is
 *    wrong, whatever was wrong with the transfer.
 */
import { crc32 } from '@choir/bytes';
import type { ProcessorId, View } from '@choir/ftmp';
import { Addressed } from './addressed.ts';
import { bytesOfDigests, type Digest, digestsOf } from './digests.ts';
import { FormerPieces, type Piece } from './former-pieces.ts';
import { keptBytesMax, silentMs, stateBytesMax } from './limits.ts';
import type { Message, MessageOf, WantedReason } from './message.ts';
import { type Ordered, orderedBytes } from './ordered.ts';
import type { Roll } from './roll.ts';
import type { RollCall } from './roll-call.ts';
import { decodeRoll } from './roll-codec.ts';

/** What a message, or a view, means for who lacks the state. */
export type Received =
  | { readonly kind: 'nothing' }
  /** Hello is to be said. */
  | { readonly kind: 'hello'; readonly view: View }
  /** Another marker is to be wanted. */
  | {
      readonly kind: 'wanted';
      readonly provider: ProcessorId | null;
      readonly reason: WantedReason;
    }
  /** The provider is to be told what this member has already. */
  | MessageOf<'has'>
  | { readonly kind: 'whole'; readonly pieces: readonly Uint8Array[] }
  | { readonly kind: 'state-lost' };

type Transfer = {
  readonly provider: ProcessorId;
  readonly number: number;
  readonly pieces: Piece[];
  readonly kept: Ordered[];
  bytes: number;
  keptBytes: number;
  sum: number;
  /** The roll at the marker, once all is there. */
  roll: Roll | null;
};

type OfTransfer = MessageOf<'piece' | 'same' | 'whole' | 'failed'>;

type TakenOver = {
  readonly roll: Roll;
  readonly addressed: readonly Ordered[];
  readonly kept: readonly Ordered[];
};

/** What it takes to keep a piece, at least. */
const pieceBytesMin = 384;
const nothing: Received = { kind: 'nothing' };

export class Reception {
  readonly #self: ProcessorId;
  readonly #digest: Digest;
  readonly #rollCall: RollCall;
  /** Whether FTMP has given a view. */
  #isArrived = false;
  #transfer: Transfer | null = null;
  readonly #former = new FormerPieces();
  /** Null until a marker was for this member. */
  #addressed: Addressed | null = null;
  /** When something last came that brought the state nearer. */
  #heardAt = 0;

  constructor(
    { self, digest }: { readonly self: ProcessorId; readonly digest: Digest },
    rollCall: RollCall,
  ) {
    this.#self = self;
    this.#digest = digest;
    this.#rollCall = rollCall;
  }

  /** When a silent provider is to be given up. */
  get due(): number {
    const isDone = this.#transfer?.roll != null;
    return !this.#isArrived || isDone ? Infinity : this.#heardAt + silentMs;
  }

  turn(now: number): Received {
    if (now < this.due) return nothing;
    this.#heardAt = now;
    return this.#want('silent');
  }

  take(ordered: Ordered, now: number): Received {
    if (ordered.kind === 'view') return this.#viewed(ordered.view, ordered, now);
    const { sender, message } = ordered;
    if (message.kind === 'marker') return this.#marked(sender, message, ordered, now);
    if (message.kind === 'hello' && this.#rollCall.hello(sender, message)) {
      return { kind: 'state-lost' };
    }
    if (message.kind === 'held') this.#rollCall.held(sender);
    if (this.#isOfTransfer(sender, message)) return this.#progress(message, now);
    return this.#keep(ordered);
  }

  /** What the application is given after the state: the roll at the marker, what was for this member before, and everything since. */
  takeOver(): TakenOver | null {
    const { roll = null, kept = [] } = this.#transfer ?? {};
    if (roll === null) return null;
    const addressed = (this.#addressed?.kept ?? []).filter(
      (one) => one.kind === 'message' && roll.has(one.sender),
    );
    return { roll, addressed, kept };
  }

  /** The application took the state: nothing more is received. */
  taken(): void {
    this.#transfer = null;
    this.#addressed = null;
    this.#former.clear();
  }

  /** The application did not take the state. */
  rejected(): Received {
    return this.#want('rejected');
  }

  #viewed(view: View, ordered: Ordered, now: number): Received {
    if (!this.#isArrived) this.#heardAt = now;
    this.#isArrived = true;
    this.#rollCall.view(view);
    const transfer = this.#transfer;
    if (transfer !== null && transfer.roll === null && !view.members.includes(transfer.provider)) {
      this.#forget();
    }
    const kept = this.#keep(ordered);
    if (kept.kind !== 'nothing') return kept;
    return this.#transfer?.roll == null ? { kind: 'hello', view } : nothing;
  }

  #marked(
    sender: ProcessorId,
    { transfer: number, to }: MessageOf<'marker'>,
    ordered: Ordered,
    now: number,
  ): Received {
    if (!to.includes(this.#self) || this.#transfer?.roll != null) return this.#keep(ordered);
    this.#forget();
    this.#addressed ??= new Addressed(this.#self);
    const fresh = { pieces: [], kept: [], bytes: 0, keptBytes: 0, sum: 0, roll: null };
    this.#transfer = { provider: sender, number, ...fresh };
    this.#heardAt = now;
    const { digests } = this.#former;
    if (digests.length === 0) return nothing;
    return { kind: 'has', provider: sender, transfer: number, bytes: bytesOfDigests(digests) };
  }

  #isOfTransfer(sender: ProcessorId, message: Message): message is OfTransfer {
    const { kind } = message;
    if (kind !== 'failed' && !isPart(message)) return false;
    const transfer = this.#transfer;
    return transfer?.provider === sender && transfer.number === message.transfer;
  }

  #progress(message: OfTransfer, now: number): Received {
    const transfer = this.#transfer;
    if (transfer === null || transfer.roll !== null) return nothing;
    this.#heardAt = now;
    if (message.kind === 'failed') {
      this.#forget();
      return nothing;
    }
    // The bytes are a view of what a turn delivered, which is not to be kept alive as a whole.
    if (message.kind === 'piece') {
      const digest = this.#digest(message.bytes);
      const bytes = this.#former.get(digest) ?? message.bytes.slice();
      return this.#piece(transfer, { digest, bytes });
    }
    if (message.kind === 'same') return this.#same(transfer, digestsOf(message.bytes));
    transfer.roll = message.sum === transfer.sum ? decodeRoll(message.roll) : null;
    if (transfer.roll?.has(this.#self) !== true) return this.#want('garbled');
    // What is not in this state is not wanted any more.
    this.#former.clear();
    return { kind: 'whole', pieces: transfer.pieces.map(({ bytes }) => bytes) };
  }

  #same(transfer: Transfer, digests: readonly string[]): Received {
    for (const digest of digests) {
      const bytes = this.#former.get(digest);
      const received =
        bytes === undefined ? this.#want('garbled') : this.#piece(transfer, { digest, bytes });
      if (received.kind !== 'nothing') return received;
    }
    return nothing;
  }

  #piece(transfer: Transfer, piece: Piece): Received {
    const { bytes } = piece;
    // Short ones count for more than they are: what keeps them takes room, too.
    transfer.bytes += Math.max(bytes.length, pieceBytesMin);
    if (transfer.bytes > stateBytesMax) return this.#want('garbled');
    transfer.sum = crc32(bytes, transfer.sum);
    transfer.pieces.push(piece);
    return nothing;
  }

  #keep(ordered: Ordered): Received {
    const transfer = this.#transfer;
    if (isBetweenOthers(ordered)) return nothing;
    if (transfer === null) {
      this.#addressed?.keep(copied(ordered));
      return nothing;
    }
    transfer.keptBytes += orderedBytes(ordered);
    transfer.kept.push(copied(ordered));
    return transfer.keptBytes > keptBytesMax ? this.#want('overflow') : nothing;
  }

  #forget(): void {
    this.#former.add(this.#transfer?.pieces ?? []);
    for (const ordered of this.#transfer?.kept ?? []) this.#addressed?.keep(ordered);
    this.#transfer = null;
  }

  #want(reason: WantedReason): Received {
    const provider = this.#transfer?.provider ?? null;
    this.#forget();
    return { kind: 'wanted', provider, reason };
  }
}

/** Part of somebody's transfer, or about one, which means nothing to anybody else. */
function isBetweenOthers(ordered: Ordered): boolean {
  if (ordered.kind === 'view') return false;
  return isPart(ordered.message) || ordered.message.kind === 'has';
}

function isPart(message: Message): message is MessageOf<'piece' | 'same' | 'whole'> {
  const { kind } = message;
  return kind === 'piece' || kind === 'same' || kind === 'whole';
}

function copied(ordered: Ordered): Ordered {
  if (ordered.kind === 'view' || !('bytes' in ordered.message)) return ordered;
  return { ...ordered, message: { ...ordered.message, bytes: ordered.message.bytes.slice() } };
}
