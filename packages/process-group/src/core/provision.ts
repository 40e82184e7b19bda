/**
 * The provider's side of transfers: who is to be sent a marker, and the pieces of the snapshots that were taken.
 *
 * T2 Pieces are made one by one, when there is room for the next, and few are under way, so that what is said meanwhile is not behind them.
 * T3 Whoever lacks the state, and whose provider this member is, gets a marker; another one when it wants one.
 */
import { crc32, Writer } from '@choir/bytes';
import type { ProcessorId } from '@choir/ftmp';
import { pieceBytes, piecesUnderWayMax } from './limits.ts';
import type { Message } from './message.ts';
import type { Roll } from './roll.ts';
import { encodeRoll } from './roll-codec.ts';

type Transfer = {
  readonly number: number;
  /** At the marker. */
  readonly roll: Uint8Array;
  /** Null until the snapshot was given. */
  snapshot: Iterator<Uint8Array> | null;
  /** Of the snapshot, not sent yet. */
  rest: Uint8Array;
  sum: number;
};

const noBytes = new Uint8Array(0);

export class Provision {
  readonly #self: ProcessorId;
  #numbers = 0;
  /** Own pieces, and ends of transfers, that have not come yet. */
  #underWay = 0;
  /** The transfer of everybody who was sent a marker and lacks the state. */
  readonly #served = new Map<ProcessorId, number>();
  #stranded: ReadonlySet<ProcessorId> = new Set();
  /** Those whose marker came, oldest first. */
  readonly #transfers = new Map<number, Transfer>();

  constructor(self: ProcessorId) {
    this.#self = self;
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
    const served = [...this.#served].filter(([, transfer]) => transfer === number);
    if (served.length === 0) return false;
    const isForRoll = served.every(([id]) => roll.observes(id));
    this.#transfers.set(number, {
      number,
      roll: encodeRoll(roll),
      snapshot: isForRoll ? [].values() : null,
      rest: noBytes,
      sum: 0,
    });
    return !isForRoll;
  }

  /** The state at the marker; it is gone through as room allows. */
  provide(number: number, snapshot: Iterable<Uint8Array>): void {
    const transfer = this.#transfers.get(number);
    if (transfer !== undefined) transfer.snapshot = snapshot[Symbol.iterator]();
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
    for (const transfer of this.#transfers.values()) {
      if (transfer.snapshot !== null) return this.#advance(transfer, transfer.snapshot);
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

  #advance(transfer: Transfer, snapshot: Iterator<Uint8Array>): Message {
    const { number, roll } = transfer;
    const bytes = this.#piece(transfer, snapshot);
    if (bytes !== null && bytes.length > 0) {
      transfer.sum = crc32(bytes, transfer.sum);
      this.#underWay += 1;
      return { kind: 'piece', transfer: number, bytes };
    }
    this.#transfers.delete(number);
    if (bytes === null) return { kind: 'failed', transfer: number };
    this.#underWay += 1;
    return { kind: 'whole', transfer: number, sum: transfer.sum, roll };
  }

  /** The next bytes, as many as a message takes; empty at the end, null when the application fails. */
  #piece(transfer: Transfer, snapshot: Iterator<Uint8Array>): Uint8Array | null {
    const writer = new Writer(pieceBytes);
    while (writer.length < pieceBytes) {
      if (transfer.rest.length === 0) {
        const next = nextOf(snapshot);
        if (next === 'failed') return null;
        if (next === 'over') break;
        transfer.rest = next;
      }
      const part = transfer.rest.subarray(0, pieceBytes - writer.length);
      writer.raw(part);
      transfer.rest = transfer.rest.subarray(part.length);
    }
    return writer.written();
  }

  #dropUnwanted(): void {
    const wanted = new Set(this.#served.values());
    for (const [number, { snapshot }] of this.#transfers) {
      if (wanted.has(number)) continue;
      this.#transfers.delete(number);
      if (snapshot !== null) close(snapshot);
    }
  }
}

/** What the application throws is its own; the joiner goes to the next provider. */
function nextOf(snapshot: Iterator<Uint8Array>): Uint8Array | 'over' | 'failed' {
  try {
    const { done, value } = snapshot.next();
    return done === true ? 'over' : value;
  } catch {
    return 'failed';
  }
}

/** What the application holds for a snapshot that nobody wants any more is its own to let go. */
function close(snapshot: Iterator<Uint8Array>): void {
  try {
    snapshot.return?.();
  } catch {
    // As when it cannot give a piece: nothing of the group's depends on it.
  }
}
