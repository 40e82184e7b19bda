/**
 * Answers to RetransmitRequests. The source answers at once; any other holder waits for its turn, and only answers
 * what nobody else has answered by then. Rate and range are capped (R4).
 */
import type { ProcessorId } from '../ids.ts';

export type AnsweringOptions = {
  /** Messages of one request that are looked at. */
  readonly rangeMax: number;
  /** Retransmissions per second, in the long run and at once. */
  readonly perSecond: number;
  /** How long a holder that is not the source waits for each turn up to its own: as long as an answer takes to come, in milliseconds. */
  readonly holderDelayMs: number;
  /** A message is not sent again within this time, in milliseconds. */
  readonly repeatMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

type Promised = {
  readonly source: ProcessorId;
  readonly sequence: number;
  readonly due: number;
  readonly since: number;
};

const waitingMax = 4_096;
/** Who would come later than this comes then. */
const turnMax = 8;

export class Answering {
  readonly #options: AnsweringOptions;
  readonly #waiting: Promised[] = [];
  /** When a retransmission of a message was last sent or seen, by source and number. */
  readonly #answered = new Map<ProcessorId, Map<number, number>>();
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

  requested(
    { source, start, stop }: { source: ProcessorId; start: number; stop: number },
    turn: number,
    now: number,
  ): void {
    const { rangeMax, holderDelayMs, random } = this.#options;
    const last = Math.min(stop, start + rangeMax - 1);
    if (last < stop) this.capped += 1;
    const wait = turn === 0 ? 0 : Math.min(turn, turnMax) + random() / 4;
    const due = now + holderDelayMs * wait;
    for (let sequence = start; sequence <= last; sequence += 1) {
      if (this.#waiting.length >= waitingMax) {
        this.capped += 1;
        break;
      }
      if (this.#isRecent(source, sequence, now)) continue;
      this.#waiting.push({ source, sequence, due, since: now });
    }
    this.#waiting.sort((one, other) => one.due - other.due);
  }

  /** Somebody retransmitted this message. */
  seen(source: ProcessorId, sequence: number, now: number): void {
    let times = this.#answered.get(source);
    if (times === undefined) {
      times = new Map();
      this.#answered.set(source, times);
    }
    times.set(sequence, now);
    if (times.size > 2 * waitingMax) this.#forget(times, now);
  }

  /** What is to be retransmitted now. */
  answers(now: number): readonly { readonly source: ProcessorId; readonly sequence: number }[] {
    const answers: Promised[] = [];
    while (this.due <= now) {
      const promised = this.#waiting.shift();
      if (promised === undefined) break;
      const { source, sequence, since } = promised;
      if ((this.#answered.get(source)?.get(sequence) ?? -1) >= since) continue;
      if (this.#isRecent(source, sequence, now)) continue;
      if (!this.#mayAnswer(now)) continue;
      this.seen(source, sequence, now);
      answers.push(promised);
    }
    return answers;
  }

  /** Nothing of this source is held any more. */
  forget(source: ProcessorId): void {
    this.#answered.delete(source);
  }

  #isRecent(source: ProcessorId, sequence: number, now: number): boolean {
    const time = this.#answered.get(source)?.get(sequence);
    return time !== undefined && now - time < this.#options.repeatMs;
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

  #forget(times: Map<number, number>, now: number): void {
    for (const [sequence, time] of times) {
      if (now - time >= this.#options.repeatMs) times.delete(sequence);
    }
  }
}
