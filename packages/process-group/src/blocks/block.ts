/** What ready-made replicas have in common: they speak on their channel, and wait until what they said has come. */
import type { ProcessorId } from '@choir/ftmp';
import { abortable } from '../abortable.ts';
import type { Replica } from '../core/index.ts';
import { GroupError } from '../group-error.ts';

/** A replica's place in a group. */
export type Place = {
  /** This process, in its present incarnation. */
  readonly self: ProcessorId;
  /** Multicasts on the replica's channel, as soon as there is room. @param onSaid is called when it is; nobody takes it back then */
  readonly say: (bytes: Uint8Array, signal?: AbortSignal, onSaid?: () => void) => Promise<void>;
  /** As `say`, for what the others rely on, whether or not anybody here waits for it: it is said in any case, but by who is out of the group. */
  readonly tell: (bytes: Uint8Array) => void;
  /**
   * Has the group heard while something that comes in its order is awaited, even if nobody reads its events: who awaits it may be their
   * reader.
   */
  readonly awaiting: <Outcome>(outcome: Promise<Outcome>) => Promise<Outcome>;
};

/** A replica that speaks itself. */
export type Block = Replica & {
  /** What it says itself is delivered when all members hold it; false when not given. */
  readonly safe?: boolean;
  /** Called when the group is joined, again after an exclusion, and with null when the group is over: then `over` says why. */
  readonly attach?: (place: Place | null, over: GroupError | null) => void;
  /** Whether there is a quorum, when that changes: without one nothing comes, and the others may go on. */
  readonly primary?: (isPrimary: boolean) => void;
};

/** Operations of this member that have not come in the order yet, by their numbers. */
export class Pending<Outcome> {
  readonly #waiting = new Map<number, PromiseWithResolvers<Outcome>>();
  #place: Place | null = null;
  #over: GroupError | null = null;
  #numbers = 0;

  attach(place: Place | null, over: GroupError | null): void {
    this.#place = place;
    this.#over = over;
    const error = doubtError(over);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  isOwn(sender: ProcessorId): boolean {
    return sender === this.#place?.self;
  }

  /** As of a place, which there must be. */
  get place(): Place {
    if (this.#place !== null) return this.#place;
    throw placelessError(this.#over);
  }

  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  /**
   * Says it, and waits until it has come. What there was no room for before an exclusion is said after it, and is not in doubt.
   *
   * @param signal gives up waiting, for room or until it has come
   */
  async perform(number: number, bytes: Uint8Array, signal?: AbortSignal): Promise<Outcome> {
    const { place } = this;
    const waiting = waitingOne<Outcome>();
    await place.say(bytes, signal, () => this.#waiting.set(number, waiting));
    return await place.awaiting(abortable(waiting.promise, signal));
  }

  /** As `perform`, for what is said in any case. */
  async tell(number: number, bytes: Uint8Array): Promise<Outcome> {
    const { place } = this;
    const waiting = waitingOne<Outcome>();
    this.#waiting.set(number, waiting);
    place.tell(bytes);
    return await place.awaiting(waiting.promise);
  }

  settle(number: number, outcome: Outcome): void {
    this.#waiting.get(number)?.resolve(outcome);
    this.#waiting.delete(number);
  }
}

/** That it is rejected when nobody waits any more concerns nobody. */
function waitingOne<Outcome>(): PromiseWithResolvers<Outcome> {
  const waiting = Promise.withResolvers<Outcome>();
  waiting.promise.catch(() => {});
  return waiting;
}

/** Of what had been said and had not come when the group was over, or this process excluded (null). */
export function doubtError(over: GroupError | null): GroupError {
  const doubt = 'Whether this took effect is not known.';
  if (over !== null) return new GroupError('group-over', `${over.message} ${doubt}`, over);
  return new GroupError('group-excluded', `The others removed this process. ${doubt}`);
}

/** Of a call when there is no group. @param over why there is none any more */
export function placelessError(over: GroupError | null): GroupError {
  if (over !== null) return new GroupError('group-over', over.message, over);
  return new GroupError('group-over', 'This replica is in no group: give it to join.');
}
