/**
 * How large the large datagrams are: the largest while few of them are lost, else a third of that, else a packet. Of a datagram that has lost
 * a fragment the other fragments take up memory of the receiver's system for 30 s (Linux: 4 MiB for all of them), and when that is full no
 * fragments pass at all. So a step up comes after a longer calm than that.
 *
 * Boundary: sizes, counts and times; whether a size passes at all is asked elsewhere (sizing.ts).
 */

export type Sizes = {
  /** Bytes of a datagram that is one packet everywhere. */
  readonly packetBytes: number;
  /** Bytes of the largest datagram. */
  readonly datagramBytes: number;
};

/** What a step is a share of. */
const stepShare = 3;
/** After a step down so long passes until the next step up, in milliseconds. */
const calmMs = 40_000;
/** Where somebody missed more than this share of the large ones of this period and the last, there is a step down. */
const missedShare = 0.05;
const missedLeast = 5;
const periodMs = 1_000;

export class SizeSteps {
  /** Falling; the last is a packet, or less. */
  readonly #sizes: readonly number[];
  #at = 0;
  #upAt = Number.POSITIVE_INFINITY;
  #periodAt = 0;
  /** Large messages of this period, and of the one before. */
  #large = 0;
  #largeBefore = 0;
  /** The numbers of those that were missed in this period. */
  readonly #missed = new Set<number>();

  constructor({ packetBytes, datagramBytes }: Sizes) {
    const large = [datagramBytes, Math.floor(datagramBytes / stepShare)];
    const least = Math.min(packetBytes, datagramBytes);
    this.#sizes = [...large.filter((bytes) => bytes > least), least];
  }

  /** The present one, in bytes. */
  get bytes(): number {
    return this.#sizes[this.#at] ?? 0;
  }

  /** Whether it is a packet. */
  get isLeast(): boolean {
    return this.#at === this.#sizes.length - 1;
  }

  /** Whether a step down would come to another size that is large. */
  get isAboveLarge(): boolean {
    return this.#at < this.#sizes.length - 2;
  }

  /** A step up, if it is time; true when there was one. */
  rises(now: number): boolean {
    if (this.#at === 0 || now < this.#upAt) return false;
    this.#at -= 1;
    this.#upAt = now + calmMs;
    return true;
  }

  falls(now: number): void {
    if (this.isLeast) return;
    this.#at += 1;
    this.#upAt = now + calmMs;
    this.#begin(now);
  }

  /** A message goes out in a datagram of so many bytes. */
  sent(bytes: number, now: number): void {
    if (!this.#isJudged(bytes)) return;
    this.#look(now);
    this.#large += 1;
  }

  /** Somebody missed it. */
  missed(sequence: number, bytes: number, now: number): void {
    if (!this.#isJudged(bytes)) return;
    this.#look(now);
    this.#missed.add(sequence);
    const { size: missed } = this.#missed;
    const share = missed / (this.#large + this.#largeBefore);
    if (missed >= missedLeast && share > missedShare) this.falls(now);
  }

  /** What is of a larger size than now was judged before. */
  #isJudged(bytes: number): boolean {
    return bytes > (this.#sizes.at(-1) ?? 0) && bytes <= this.bytes;
  }

  #look(now: number): void {
    const sinceMs = now - this.#periodAt;
    if (sinceMs < periodMs) return;
    const before = sinceMs < 2 * periodMs ? this.#large : 0;
    this.#begin(now);
    this.#largeBefore = before;
  }

  #begin(now: number): void {
    this.#periodAt = now;
    this.#large = 0;
    this.#largeBefore = 0;
    this.#missed.clear();
  }
}
