/**
 * Requests of this member and the replies to them, and the requests of others that it answers.
 *
 * Q1 A request is answered at most once, and an answer reaches the asker alone.
 * Q4 While too much waits to go out, what would be answered fails.
 */
import type { ProcessorId } from '@choir/ftmp';
import { Duties } from './duties.ts';
import type { CoreEffect } from './effects.ts';
import { requestsMax } from './limits.ts';
import type { Member } from './member.ts';
import { type Addressees, isFor, type Message, type MessageOf } from './message.ts';
import type { Outgoing } from './outgoing.ts';
import { type Need, Questions } from './questions.ts';

/** What it says to the others, and what its own application is to be told. */
export type Voice = {
  readonly say: (message: Message) => void;
  readonly tell: (...effects: readonly CoreEffect[]) => void;
  readonly room: Pick<Outgoing, 'hasRoomForAnswer' | 'hasRoomForFailure'>;
};

type Failure = MessageOf<'failure'>;

const overload = 'Too many answers of this member wait to go out: ask again later.';

export class Dialogue {
  readonly #self: ProcessorId;
  readonly #voice: Voice;
  readonly #questions = new Questions();
  readonly #duties = new Duties();

  constructor(self: ProcessorId, voice: Voice) {
    this.#self = self;
    this.#voice = voice;
  }

  /** @param members of the present view @returns the number of the request; null when too many are open */
  ask(
    request: Omit<MessageOf<'request'>, 'kind' | 'number'>,
    need: Need,
    members: readonly Member[],
  ): number | null {
    if (this.#questions.count >= requestsMax) return null;
    const number = this.#questions.ask(need, asked(members, request.to, this.#self));
    this.#voice.say({ kind: 'request', number, ...request });
    return number;
  }

  giveUp(number: number): void {
    this.#voice.tell(...this.#questions.giveUp(number));
  }

  /** Says this answer, or failure; false when there is nothing to answer. */
  fulfil(message: MessageOf<'answer'> | Failure): boolean {
    const { to, number } = message;
    if (!this.#duties.fulfil(to, number)) return false;
    if (message.kind === 'failure') this.#fail(message);
    else if (this.#voice.room.hasRoomForAnswer) this.#voice.say(message);
    else this.#fail({ kind: 'failure', to, number, text: overload });
    return true;
  }

  /** A request came in the order, in a view of these members. */
  requested(
    asker: ProcessorId,
    { number, to, channel, bytes }: MessageOf<'request'>,
    members: readonly Member[],
  ): void {
    const those = asked(members, to, asker);
    // A number that is used twice is no request of this toolkit.
    if (those.some(({ id }) => id === this.#self) && !this.#duties.has(asker, number)) {
      const failure = { kind: 'failure', to: asker, number } as const;
      if (!this.#voice.room.hasRoomForAnswer) this.#fail({ ...failure, text: overload });
      else if (this.#duties.add(asker, number)) {
        this.#voice.tell({ kind: 'request', asker, number, channel, bytes });
      } else this.#fail({ ...failure, text: 'Too many requests are open at this member.' });
    }
    if (asker === this.#self) this.#voice.tell(...this.#questions.asked(number, those));
  }

  /** A reply came in the order, to whomever. */
  replied(member: Member, message: MessageOf<'answer'> | Failure): void {
    if (message.to !== this.#self) return;
    const reply =
      message.kind === 'answer'
        ? ({ kind: 'answered', member, bytes: message.bytes } as const)
        : ({ kind: 'failed', member, text: message.text } as const);
    this.#voice.tell(...this.#questions.replied(message.number, reply));
  }

  /** These are in the view no more. */
  gone(members: readonly Member[]): void {
    for (const { id } of members) this.#duties.gone(id);
    this.#voice.tell(...this.#questions.gone(members));
  }

  /** Where not even this has room nothing is said, and the asker finds out by its time-out. */
  #fail(failure: Failure): void {
    if (this.#voice.room.hasRoomForFailure) this.#voice.say(failure);
  }
}

function asked(members: readonly Member[], to: Addressees, asker: ProcessorId): readonly Member[] {
  return members.filter(({ id }) => isFor(to, id, asker));
}
