/**
 * The asker's side of requests.
 *
 * Q2 Every member that a request was for ends up as answered, failed, gone or missing; the request is over when enough have answered, or no
 *    more can.
 */
import type { ProcessorId } from '@choir/ftmp';
import type { CoreEffect, Reply } from './effects.ts';
import type { Member } from './member.ts';

/** How many answers are wanted. */
export type Need = 'first' | 'majority' | 'all';

type Question = {
  readonly need: Need;
  /** Whom it would have been for when it was handed over. */
  readonly presumed: readonly Member[];
  /** Null until the request came in the order. */
  asked: readonly Member[] | null;
  readonly replies: Map<ProcessorId, Reply>;
};

type Over = Extract<CoreEffect, { readonly kind: 'replies' }>;

export class Questions {
  readonly #open = new Map<number, Question>();
  #numbers = 0;

  get count(): number {
    return this.#open.size;
  }

  ask(need: Need, presumed: readonly Member[]): number {
    this.#numbers += 1;
    this.#open.set(this.#numbers, { need, presumed, asked: null, replies: new Map() });
    return this.#numbers;
  }

  /** The request came in the order, and is for these. */
  asked(number: number, members: readonly Member[]): readonly Over[] {
    const question = this.#open.get(number);
    if (question === undefined) return [];
    question.asked = members;
    return this.#settle(number, question);
  }

  replied(number: number, reply: Reply): readonly Over[] {
    const question = this.#open.get(number);
    const { id } = reply.member;
    if (question?.asked?.some((member) => member.id === id) !== true) return [];
    if (!question.replies.has(id)) question.replies.set(id, reply);
    return this.#settle(number, question);
  }

  /** These members are not in the view any more. */
  gone(members: readonly Member[]): readonly Over[] {
    return [...this.#open.keys()].flatMap((number) =>
      members.flatMap((member) => this.replied(number, { kind: 'gone', member })),
    );
  }

  /** Waits no longer: who has not answered, or not even been reached, is missing. */
  giveUp(number: number): readonly Over[] {
    const question = this.#open.get(number);
    return question === undefined ? [] : [this.#end(number, question)];
  }

  #settle(number: number, question: Question): readonly Over[] {
    const { need, asked, replies } = question;
    if (asked === null) return [];
    const answered = [...replies.values()].filter(({ kind }) => kind === 'answered').length;
    const enough = answered >= wanted(need, asked.length);
    return enough || replies.size === asked.length ? [this.#end(number, question)] : [];
  }

  #end(number: number, { presumed, asked, replies }: Question): Over {
    this.#open.delete(number);
    const all = (asked ?? presumed).map(
      (member): Reply => replies.get(member.id) ?? { kind: 'missing', member },
    );
    return { kind: 'replies', number, replies: all };
  }
}

function wanted(need: Need, asked: number): number {
  switch (need) {
    case 'first':
      return Math.min(1, asked);
    case 'majority':
      return asked === 0 ? 0 : Math.floor(asked / 2) + 1;
    case 'all':
      return asked;
    default:
      return need satisfies never;
  }
}
