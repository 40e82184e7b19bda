/**
 * The provider's side of transfers: who is to be sent a marker, and the pieces of the snapshots that were taken.
 *
 * T2 Pieces are made one by one, when there is room for the next, and few are under way, so that what is said meanwhile is not behind them.
 * T3 Whoever lacks the state, and whose provider this member is, gets a marker; another one when it wants one.
 */
import type { ProcessorId } from '@choir/ftmp';
import type { PieceSizes } from './cutting.ts';
import { type Digest, digestsOf } from './digests.ts';
import { pieceSizes, piecesUnderWayMax } from './limits.ts';
import type { Message, MessageOf } from './message.ts';
import { OutgoingTransfer } from './outgoing-transfer.ts';
import type { Roll } from './roll.ts';
import { encodeRoll } from './roll-codec.ts';

export type ProvisionOptions = {
  readonly self: ProcessorId;
  readonly digest: Digest;
  readonly pieceSizes?: PieceSizes;
};

export class Provision {
  readonly #self: ProcessorId;
  readonly #digest: Digest;
  readonly #sizes: PieceSizes;
  #numbers = 0;
  /** Own pieces, and ends of transfers, that have not come yet. */
  #underWay = 0;
  /** The transfer of everybody who was sent a marker and lacks the state. */
  readonly #served = new Map<ProcessorId, number>();
  #stranded: ReadonlySet<ProcessorId> = new Set();
  /** Those whose marker came, oldest first. */
  readonly #transfers = new Map<number, OutgoingTransfer>();

  constructor({ self, digest, pieceSizes: sizes = pieceSizes }: ProvisionOptions) {
    this.#self = self;
    this.#digest = digest;
    this.#sizes = sizes;
  }

  /** What is to be said now that the roll may have changed. Observers have markers of their own: they are given the roll alone (O3). */
  markers(roll: Roll): readonly Message[] {
    const lacking = new Set(roll.lacking.map(({ id }) => id));
    for (const id of this.#served.keys()) {
      if (!lacking.has(id) || roll.providerOf(id) !== this.#self) this.#served.delete(id);
    }
    this.#dropUnwanted();
    const to = [...lacking].filter(
      (id) => roll.providerOf(id) === this.#self && !this.#served.has(id),
    );
    const observers = to.filter((id) => roll.observes(id));
    const others = to.filter((id) => !roll.observes(id));
    return [...this.#marker(others), ...this.#marker(observers)];
  }

  /** An own marker came in the order: whether a snapshot is to be given. */
  marked(number: number, roll: Roll): boolean {
    const served = this.#servedBy(number);
    if (served.length === 0) return false;
    const isForRoll = served.every((id) => roll.observes(id));
    const transfer = new OutgoingTransfer({
      number,
      roll: encodeRoll(roll),
      digest: this.#digest,
      pieceSizes: this.#sizes,
    });
    if (isForRoll) transfer.provide([]);
    this.#transfers.set(number, transfer);
    return !isForRoll;
  }

  /** One whom a transfer is for has these pieces already. */
  has(sender: ProcessorId, { provider, transfer, bytes }: MessageOf<'has'>): void {
    if (provider !== this.#self || this.#served.get(sender) !== transfer) return;
    this.#transfers.get(transfer)?.has(sender, digestsOf(bytes));
  }

  /** The state at the marker; it is gone through as room allows. */
  provide(number: number, snapshot: Iterable<Uint8Array>): void {
    this.#transfers.get(number)?.provide(snapshot);
  }

  /** Those to tell that they cannot be given the state, since all who hold it were found unable. The first holder tells each once. */
  stranded(roll: Roll): readonly ProcessorId[] {
    if (roll.holders[0] !== this.#self) return [];
    const stranded = roll.lacking.map(({ id }) => id).filter((id) => roll.providerOf(id) === null);
    const fresh = stranded.filter((id) => !this.#stranded.has(id));
    this.#stranded = new Set(stranded);
    return fresh;
  }

  /** Somebody wants another marker. */
  wants(id: ProcessorId): void {
    this.#served.delete(id);
  }

  /** One of these came in the order: there is room for another one (T2). */
  came(): void {
    this.#underWay -= 1;
  }

  /** The next message of a transfer; null when there is none. */
  next(): Message | null {
    if (this.#underWay >= piecesUnderWayMax) return null;
    for (const [number, transfer] of this.#transfers) {
      const message = transfer.next(this.#servedBy(number));
      if (message === null) continue;
      if (message.kind === 'whole' || message.kind === 'failed') this.#transfers.delete(number);
      if (message.kind !== 'failed') this.#underWay += 1;
      return message;
    }
    return null;
  }

  /** Nothing more is provided. */
  close(): void {
    this.#served.clear();
    this.#dropUnwanted();
  }

  #marker(to: readonly ProcessorId[]): readonly Message[] {
    if (to.length === 0) return [];
    this.#numbers += 1;
    for (const id of to) this.#served.set(id, this.#numbers);
    return [{ kind: 'marker', transfer: this.#numbers, to }];
  }

  #servedBy(number: number): readonly ProcessorId[] {
    return [...this.#served].flatMap(([id, transfer]) => (transfer === number ? [id] : []));
  }

  #dropUnwanted(): void {
    const wanted = new Set(this.#served.values());
    for (const [number, transfer] of this.#transfers) {
      if (wanted.has(number)) continue;
      this.#transfers.delete(number);
      transfer.close();
    }
  }
}
