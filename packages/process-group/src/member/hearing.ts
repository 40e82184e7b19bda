/**
 * How far this process hears the group, whose events wait here to be read, and whose calls wait for what is heard. Neither waits for the other without end:
 *
 * 1. What nobody reads is kept up to a soft limit. Beyond it the group is heard no further, and the others feel it.
 * 2. While a call waits for the group (for room, for replies, for what a block has asked) it is heard all the same, up to a hard limit: the caller may be the reader,
 *    who reads on when the call is over.
 * 3. Beyond the hard limit whoever waits is told `group-unread`, and waits no longer.
 * 4. Who leaves hears on without a limit, for it waits until it has left, and nothing comes behind that.
 *
 * Whenever one of these may have come to say otherwise, it is looked again: when events were read, a call begins, this process leaves, or the group is over.
 */
import type { GroupError } from '../group-error.ts';
import { Awaited } from './awaited.ts';
import { EventStream } from './event-stream.ts';
import type { OpenRequests } from './open-requests.ts';
import type { Outflow } from './outflow.ts';

/** Of events that wait to be read. */
export type HearingLimits = { readonly softBytes: number; readonly hardBytes: number };
const hearingLimits: HearingLimits = { softBytes: 4 * 1024 ** 2, hardBytes: 64 * 1024 ** 2 };

export type HearingOptions = {
  /** Who waits for room. */
  readonly outflow: Outflow;
  /** Who waits for replies. */
  readonly requests: OpenRequests;
  /** Nobody waits for the replies to this request any more. */
  readonly giveUp: (number: number) => void;
  /** What whoever waits is told beyond the hard limit. */
  readonly unread: () => GroupError;
  readonly limits?: HearingLimits;
};

export class Hearing {
  readonly events = new EventStream();
  /** Who waits for what a block has asked. */
  readonly #awaited = new Awaited();
  readonly #options: HearingOptions;
  readonly #limits: HearingLimits;
  #isLeaving = false;

  constructor(options: HearingOptions) {
    this.#options = options;
    this.#limits = options.limits ?? hearingLimits;
  }

  /** Hears what comes, as far as the rule allows. */
  async run<Event>(coming: AsyncIterable<Event>, hear: (event: Event) => void): Promise<void> {
    for await (const event of coming) {
      hear(event);
      // Nothing is awaited while there is room: that would cost more than to hear a short message.
      for (let room = this.#room(); room !== null; room = this.#room()) await room;
    }
  }

  /** The outcome of what a block has asked, or what waiting for it fails with before. */
  awaiting<Outcome>(outcome: Promise<Outcome>): Promise<Outcome> {
    const awaited = this.#awaited.outcome(outcome);
    this.lookAgain();
    return awaited;
  }

  /** A call may wait now for room or for replies. */
  lookAgain(): void {
    this.events.wake();
  }

  /** This process leaves. */
  leave(): void {
    this.#isLeaving = true;
    this.lookAgain();
  }

  /** What to wait for before more is heard; null when there is room. */
  #room(): Promise<void> | null {
    if (this.#isLeaving) return null;
    const { softBytes, hardBytes } = this.#limits;
    const room = this.events.room(this.#isAwaited ? hardBytes : softBytes);
    if (room !== null && this.events.bytes > hardBytes) this.#failAll();
    return room;
  }

  get #isAwaited(): boolean {
    const { outflow, requests } = this.#options;
    return requests.count + outflow.waiting + this.#awaited.count > 0;
  }

  #failAll(): void {
    const { outflow, requests, giveUp, unread } = this.#options;
    const error = unread();
    for (const number of requests.fail(error)) giveUp(number);
    outflow.fail(error);
    this.#awaited.fail(error);
  }
}
