/**
 * Puts fragments of the internet protocol together again.
 *
 * Bounded: so many packets at a time, each of 65,535 bytes at most; when there are more, the oldest is given up, and so is one
 * that has waited too long, since its id comes again. A packet whose fragments overlap is given up as well (RFC 5722), but
 * for a fragment that came twice.
 */
import type { InternetPacket } from './internet.ts';

const packetsMax = 256;
const payloadBytesMax = 65_535;
const waitMs = 30_000;

type Pending = {
  readonly pieces: Map<number, Buffer>;
  /** Known with the last fragment. */
  length: number | null;
  isSpoilt: boolean;
  readonly since: number;
};

export class Reassembly {
  readonly #pending = new Map<string, Pending>();
  /** Packets of which not all fragments came, or whose fragments contradict each other. */
  incomplete = 0;

  /**
   * The packet that this fragment completes, or null.
   *
   * @param now when it was captured, in milliseconds
   */
  take(packet: InternetPacket, now: number): InternetPacket | null {
    const { fragment, source, destination, payload } = packet;
    if (fragment === null) return packet;
    const key = `${source} ${destination} ${fragment.id}`;
    const pending = this.#of(key, now);
    this.#add(pending, fragment.offset, payload);
    if (fragment.isLast) pending.length = fragment.offset + payload.length;
    const whole = wholeOf(pending);
    if (whole === null) return null;
    this.#pending.delete(key);
    return { ...packet, payload: whole, fragment: null };
  }

  /** Nothing more comes: what is not complete counts as incomplete. */
  end(): void {
    this.incomplete += this.#pending.size;
    this.#pending.clear();
  }

  #of(key: string, now: number): Pending {
    const known = this.#pending.get(key);
    if (known !== undefined && now - known.since <= waitMs) return known;
    if (known !== undefined) this.#giveUp(key);
    const [oldest] = this.#pending.keys();
    if (oldest !== undefined && this.#pending.size >= packetsMax) this.#giveUp(oldest);
    const pending: Pending = { pieces: new Map(), length: null, isSpoilt: false, since: now };
    this.#pending.set(key, pending);
    return pending;
  }

  #giveUp(key: string): void {
    this.#pending.delete(key);
    this.incomplete += 1;
  }

  #add(pending: Pending, offset: number, payload: Buffer): void {
    const known = pending.pieces.get(offset);
    if (known?.equals(payload)) return;
    const end = offset + payload.length;
    const overlaps = [...pending.pieces].some(
      ([at, { length }]) => at < end && offset < at + length,
    );
    if (overlaps || end > payloadBytesMax || payload.length === 0) pending.isSpoilt = true;
    else pending.pieces.set(offset, Buffer.from(payload));
  }
}

function wholeOf({ pieces, length, isSpoilt }: Pending): Buffer | null {
  if (length === null || isSpoilt) return null;
  let held = 0;
  for (const piece of pieces.values()) held += piece.length;
  if (held !== length) return null;
  return Buffer.concat([...pieces].sort(([one], [other]) => one - other).map(([, piece]) => piece));
}
