/** Asks for what is missing here, and sends again what others miss. */

import type { ProcessorId } from '../ids.ts';
import type { BodyOf } from '../wire/index.ts';
import type { Doubts } from './doubts.ts';
import type { GroupState } from './group-state.ts';
import type { Beat } from './hearing.ts';
import type { Sizing } from './sizing.ts';
import { sourceAnswers, turnToAnswer } from './turn-to-answer.ts';

/** Who is behind, and stays so, asks and answers all the same after so long, in milliseconds. */
const behindMaxMs = 1_000;
/** Of a group of which fewer datagrams came in a turn the processor is not behind: they are of others. */
const behindLeast = 8;

export class Repair {
  readonly #state: GroupState;
  readonly #doubts: Doubts;
  readonly #sizing: Sizing;
  #ranAt = 0;
  /** Datagrams since the last turn. */
  #received = 0;
  /** Ranges asked for. */
  #requests = 0;

  constructor(
    state: GroupState,
    { doubts, sizing }: { readonly doubts: Doubts; readonly sizing: Sizing },
  ) {
    this.#state = state;
    this.#doubts = doubts;
    this.#sizing = sizing;
  }

  get requests(): number {
    return this.#requests;
  }

  /** A datagram of this group has come. */
  received(): void {
    this.#received += 1;
  }

  /** Somebody asks for what it misses. */
  requested(by: ProcessorId, body: BodyOf<'retransmitRequest'>, { timestamp }: Beat): void {
    const { rmp, now } = this.#state;
    const { processor: source, start, stop } = body;
    const turn = turnToAnswer(this.#state, this.#doubts, { by, timestamp, source });
    rmp.requested(by, { source, start, stop }, turn, now);
  }

  /** @param isBehind as of the processor */
  run(isBehind: boolean): void {
    const { now } = this.#state;
    // Requests from who is behind, and its answers to old ones, are mostly in vain, and what they cause makes everybody else come behind.
    const waits = isBehind && this.#received >= behindLeast;
    this.#received = 0;
    if (waits && now - this.#ranAt < behindMaxMs) return;
    this.#ranAt = now;
    this.#ask();
    this.#answer();
  }

  #ask(): void {
    const { rmp, sender, now, self, surroundings, id: group } = this.#state;
    for (const { source, start, stop, isInVain } of rmp.requests(now)) {
      surroundings.observe({ kind: 'asked', group, source, start, stop });
      this.#requests += 1;
      const isForSource =
        surroundings.fansOut &&
        !isInVain &&
        sourceAnswers(this.#state, this.#doubts, { by: self, source });
      const body = { type: 'retransmitRequest', processor: source, start, stop } as const;
      const ack = this.#state.ack();
      if (isForSource) sender.aside(body, source, ack);
      else sender.unreliable(body, { ack, now });
    }
  }

  #answer(): void {
    const { rmp, sender, now, self } = this.#state;
    for (const { held, to } of rmp.retransmissions(now)) {
      const { source, sequence, bytes } = held;
      if (source === self) this.#sizing.missed(sequence, bytes.length, now);
      sender.again(held, to);
    }
  }
}
