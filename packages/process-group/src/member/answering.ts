/** Has the application answer requests, and tells the askers what came of it. */

import { checkBytes, shown } from '../arguments.ts';
import { type CoreEffect, failureBytesMax, type GroupCore } from '../core/index.ts';
import { messageOf } from '../thrown.ts';

type Request = Extract<CoreEffect, { readonly kind: 'request' }>;

/** What answers one request. */
export type Answer = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export class Answering {
  readonly #said: (core: GroupCore) => void;

  /** @param said is told when something was said to this core, later than in `answer` */
  constructor(said: (core: GroupCore) => void) {
    this.#said = said;
  }

  /** Q3: what the application awaits holds nobody up. @param answer null when nobody here answers it */
  answer(core: GroupCore, { asker, number, bytes }: Request, answer: Answer | null): void {
    const reply = (said: Uint8Array): void => {
      if (!(said instanceof Uint8Array)) throw new TypeError(noBytes(said));
      core.answer(asker, number, checkBytes(said));
    };
    const fail = (error: unknown): void => {
      core.fail(asker, number, textOf(error));
    };
    if (answer === null) {
      fail(new Error('This member answers no requests.'));
      return;
    }
    try {
      const given = answer(bytes);
      if (given instanceof Uint8Array) reply(given);
      else {
        Promise.resolve(given)
          .then(reply)
          .catch(fail)
          .finally(() => this.#said(core));
      }
    } catch (error) {
      fail(error);
    }
  }
}

function noBytes(said: unknown): string {
  return `The answer is no Uint8Array, but ${shown(said)}: the handler of this member is to return one, or to throw.`;
}

/** Cut to what a failure can carry; a character that is cut through becomes another one. */
function textOf(error: unknown): string {
  return messageOf(error)
    .slice(0, failureBytesMax / 3)
    .toWellFormed();
}
