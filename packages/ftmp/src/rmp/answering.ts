/**
 * Answers to RetransmitRequests. The source answers at once; any other holder waits for its turn, and only answers
 * what nobody else has answered by then. Rate and range are capped (R4).
 *
 * What is sent again waits where everything waits that is sent. Where that takes long, more of it comes of asking more, and makes it take longer: so
 * each message is sent again ever more seldom.
 */
import type { ProcessorId } from '../ids.ts';
import { inVainMs } from './asking.ts';

export type AnsweringOptions = {
  /** Messages of one request that are looked at. */
  readonly rangeMax: number;
  /** Retransmissions per second, in the long run, and a tenth of that at once: in all where there is multicast; to each that asks where there is none. */
  readonly perSecond: number;
  /** How long a holder that is not the source waits for each turn up to its own: as long as an answer takes to come, in milliseconds. */
  readonly holderDelayMs: number;
  /** A message is not sent again within this time, doubled with each time that it is, up to the other, in milliseconds. */
  readonly repeatMs: number;
  readonly repeatMaxMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

/** How a processor answers a request. */
export type Turn =
  /** It is the source: at once. */
  | { readonly kind: 'source' }
  /** When it is its turn, 1 for the first of those who answer for the source: what nobody has answered by then. */
  | { readonly kind: 'inTurn'; readonly at: number }
  /** As the first in turn, only what has been asked for `inVainMs` long, and whatever others have answered: that was in vain. */
  | { readonly kind: 'inVain' }
  | { readonly kind: 'silent' };

type Promised = {
  readonly source: ProcessorId;
  readonly sequence: number;
  readonly due: number;
  readonly since: number;
  /** Others answer in vain. */
  readonly isInVain: boolean;
};

/** What is asked for, and what of it is held here. */
export type Asked = {
  readonly source: ProcessorId;
  readonly start: number;
  readonly stop: number;
  readonly holds: (sequence: number) => boolean;
};

/** Of a message that is asked for. */
type Wanted = {
  askedSince: number;
  askedAt: number;
  /** When it was last sent here, and when it was sent or seen, and how long it is not sent again behind that. */
  sentAt: number;
  answeredAt: number;
  pauseMs: number;
};

const waitingMax = 4_096;
/** Messages of a source that are remembered as asked for: so many at least before it is looked which are over, and never more than these. */
const wantedMin = 256;
const wantedMax = 8_192;
/** Who would come later than this comes then. */
const turnMax = 8;
const never = Number.NEGATIVE_INFINITY;

export class Answering {
  readonly #options: AnsweringOptions;
  readonly #waiting: Promised[] = [];
  /** By source and number. */
  readonly #wanted = new Map<ProcessorId, Map<number, Wanted>>();
  /** When it is looked next which are over. */
  #tidyAt = wantedMin;
  #tokens: number;
  #filledAt = 0;
  /** Requests, or parts of them, that were not answered because of the caps. */
  capped = 0;

  constructor(options: AnsweringOptions) {
    this.#options = options;
    this.#tokens = options.perSecond / 10;
  }

  /** When the next answer is due; infinity when none is. */
  get due(): number {
    return this.#waiting[0]?.due ?? Number.POSITIVE_INFINITY;
  }

  requested({ source, start, stop, holds }: Asked, turn: Turn, now: number): void {
    const { rangeMax } = this.#options;
    const isInVain = turn.kind === 'inVain';
    const { length: waitingBefore } = this.#waiting;
    const last = Math.min(stop, start + rangeMax - 1);
    if (last < stop) this.capped += 1;
    const due = now + this.#waitMs(turn);
    for (let sequence = start; sequence <= last; sequence += 1) {
      if (this.#waiting.length >= waitingMax) {
        this.capped += 1;
        break;
      }
      // Who is silent, too, notes since when it is asked for: another request may find it first in turn, and what was asked for long.
      const wanted = this.#of(source, sequence, now);
      wanted.askedAt = now;
      if (turn.kind === 'silent') continue;
      if (isInVain && now - wanted.askedSince < inVainMs) continue;
      if (isPaused(wanted, isInVain, now)) continue;
      if (holds(sequence)) this.#waiting.push({ source, sequence, due, since: now, isInVain });
    }
    if (this.#waiting.length > waitingBefore)
      this.#waiting.sort((one, other) => one.due - other.due);
  }

  /** Somebody retransmitted this message. */
  seen(source: ProcessorId, sequence: number, now: number): void {
    const { repeatMs, repeatMaxMs } = this.#options;
    const wanted = this.#of(source, sequence, now);
    const sinceMs = now - wanted.answeredAt;
    // What comes within the shortest pause is of one time: another's answer, or the slices of one.
    if (wanted.answeredAt !== never && sinceMs >= repeatMs) {
      wanted.pauseMs = Math.min(2 * wanted.pauseMs, repeatMaxMs);
    }
    wanted.answeredAt = now;
  }

  /** What is to be retransmitted now. */
  answers(now: number): readonly { readonly source: ProcessorId; readonly sequence: number }[] {
    const answers: Promised[] = [];
    while (this.due <= now) {
      const promised = this.#waiting.shift();
      if (promised === undefined) break;
      const { source, sequence, since, isInVain } = promised;
      const wanted = this.#of(source, sequence, now);
      if (!isInVain && wanted.answeredAt >= since) continue;
      if (isPaused(wanted, isInVain, now) || !this.#mayAnswer(now)) continue;
      this.seen(source, sequence, now);
      wanted.sentAt = now;
      answers.push(promised);
    }
    return answers;
  }

  /** Nothing of this source is held any more. */
  forget(source: ProcessorId): void {
    this.#wanted.delete(source);
  }

  #waitMs(turn: Turn): number {
    const { holderDelayMs, random } = this.#options;
    if (turn.kind === 'source' || turn.kind === 'silent') return 0;
    const at = turn.kind === 'inTurn' ? Math.min(turn.at, turnMax) : 1;
    return holderDelayMs * (at + random() / 4);
  }

  #of(source: ProcessorId, sequence: number, now: number): Wanted {
    let all = this.#wanted.get(source);
    if (all === undefined) {
      all = new Map();
      this.#wanted.set(source, all);
    }
    const known = all.get(sequence);
    if (known !== undefined && !this.#isOver(known, now)) return known;
    if (all.size >= this.#tidyAt) this.#tidy(all, now);
    const { repeatMs: pauseMs } = this.#options;
    const wanted = { askedSince: now, askedAt: now, sentAt: never, answeredAt: never, pauseMs };
    all.set(sequence, wanted);
    return wanted;
  }

  #isOver({ askedAt, answeredAt }: Wanted, now: number): boolean {
    return now - Math.max(askedAt, answeredAt) >= this.#options.repeatMaxMs;
  }

  #tidy(all: Map<number, Wanted>, now: number): void {
    for (const [sequence, wanted] of all) if (this.#isOver(wanted, now)) all.delete(sequence);
    if (all.size >= wantedMax) all.clear();
    this.#tidyAt = Math.min(wantedMax, Math.max(wantedMin, 2 * all.size));
  }

  #mayAnswer(now: number): boolean {
    const { perSecond } = this.#options;
    const filled = this.#tokens + ((now - this.#filledAt) * perSecond) / 1_000;
    this.#tokens = Math.min(perSecond / 10, filled);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      this.capped += 1;
      return false;
    }
    this.#tokens -= 1;
    return true;
  }
}

/** @param isInVain only what was sent here counts */
function isPaused(
  { sentAt, answeredAt, pauseMs }: Wanted,
  isInVain: boolean,
  now: number,
): boolean {
  return now - (isInVain ? sentAt : answeredAt) < pauseMs;
}
