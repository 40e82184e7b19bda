/**
 * When to ask for what is missing of a source: negative acknowledgement with a random delay, doubled each time that it
 * did not help, halved when it did, and put off when somebody else asks for the same. So where answers wait behind much else, as where everybody
 * sends more than somebody can take, requests become as rare as answers come. Where datagrams overtake each other, what seemed lost comes
 * by itself a little later: the first delay follows that.
 */

export type AskingOptions = {
  /** From the first sight of a gap to the first request: 0 … this, in milliseconds. */
  readonly delayMs: number;
  /** Between requests that do not help: doubled from the first delay up to this, in milliseconds. */
  readonly delayMaxMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

/** What patience keeps of itself when a request has helped. */
const decay = 0.98;
/** And what it becomes when one was in vain. */
const growth = 1.2;
const helpedMax = 256;
/** The longest first delay, in milliseconds. */
const patienceMaxMs = 60;
/** The next request comes no sooner than so many times what an answer took to come lately. */
const answerTimes = 1.5;
/** How much the last answer counts for that. */
const answerShare = 0.25;
/** What was asked for without any success for so long is asked for in vain, in milliseconds. */
export const inVainMs = 250;

export class Asking {
  readonly #options: AskingOptions;
  #due = Number.POSITIVE_INFINITY;
  #delay: number;
  /** The delay before a first request. */
  #patience: number;
  /** When somebody last asked. */
  #lastAt = Number.NEGATIVE_INFINITY;
  /** When the present gap was first asked for; null before. */
  #askedAt: number | null = null;
  /** Messages that came because they were sent again. */
  readonly #helped = new Set<number>();
  /** What was contiguous when the delay was last set. */
  #at = -1;
  /** How long answers take to come, and since when one is awaited; null when none is. */
  #answerMs = 0;
  #awaitedSince: number | null = null;
  /** When it was first asked for what comes next. */
  #vainSince = Number.POSITIVE_INFINITY;

  constructor(options: AskingOptions) {
    this.#options = options;
    this.#delay = options.delayMs;
    this.#patience = options.delayMs;
  }

  /** When the next request is due; infinity when nothing is missing. */
  get due(): number {
    return this.#due;
  }

  /** Whether others than the source should be asked, too. */
  isInVain(now: number): boolean {
    return now - this.#vainSince >= inVainMs;
  }

  /** Called when there may be a gap, or no longer. */
  observe(hasGap: boolean, contiguous: number, now: number): void {
    const { random } = this.#options;
    if (!hasGap) {
      this.#due = Number.POSITIVE_INFINITY;
      this.#delay = this.#patience;
      this.#askedAt = null;
      this.#awaitedSince = null;
      this.#vainSince = Number.POSITIVE_INFINITY;
      return;
    }
    if (contiguous === this.#at && this.#due !== Number.POSITIVE_INFINITY) return;
    if (contiguous !== this.#at) {
      this.#delay = Math.max(this.#patience, this.#delay / 2);
      this.#vainSince = Number.POSITIVE_INFINITY;
    }
    this.#at = contiguous;
    this.#due = Math.min(this.#due, now + (0.5 + random() / 2) * this.#delay);
  }

  /** A message came that was missing: sent again, or by itself, which shows that it need not have been asked for. */
  filled(sequence: number, again: boolean, now: number): void {
    const { delayMs } = this.#options;
    if (again) {
      this.#answered(now);
      this.#helped.add(sequence);
      if (this.#helped.size > helpedMax) this.#helped.clear();
      this.#patience = Math.max(delayMs, this.#patience * decay);
    } else if (this.#askedAt !== null) {
      const late = now - this.#askedAt + this.#patience;
      this.#patience = Math.min(Math.max(this.#patience, late), patienceMaxMs);
    }
  }

  /** A message came that was held already: if it had been sent again, that was in vain. */
  doubled(sequence: number): void {
    if (!this.#helped.delete(sequence)) return;
    this.#patience = Math.min(this.#patience * growth, patienceMaxMs);
  }

  /** Another processor has asked: its answer gets its time. Those who ask at one moment have asked once. */
  overheard(now: number): void {
    if (now - this.#lastAt >= this.#delay) this.asked(now);
    else this.#due = Math.max(this.#due, now + this.#delay * (0.5 + this.#options.random()));
  }

  /** A request was made: the answer gets its time. */
  asked(now: number): void {
    const { random, delayMaxMs } = this.#options;
    this.#lastAt = now;
    this.#askedAt ??= now;
    this.#vainSince = Math.min(this.#vainSince, now);
    this.#awaitedSince ??= now;
    this.#delay = Math.min(2 * this.#delay, delayMaxMs);
    this.#due = now + Math.max(this.#delay * (0.5 + random()), answerTimes * this.#answerMs);
  }

  /** The first message of an answer has come. */
  #answered(now: number): void {
    if (this.#awaitedSince === null) return;
    const tookMs = Math.min(now - this.#awaitedSince, patienceMaxMs);
    this.#awaitedSince = null;
    const before = this.#answerMs === 0 ? tookMs : this.#answerMs;
    this.#answerMs = before + (tookMs - before) * answerShare;
  }
}
