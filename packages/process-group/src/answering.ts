/** Has the application answer requests, and tells the askers what came of it. */
import { type CoreEffect, failureBytesMax, type GroupCore } from './core/index.ts';
import { checkBytes } from './options.ts';

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
        given
          .then(reply)
          .catch(fail)
          .finally(() => this.#said(core));
      }
    } catch (error) {
      fail(error);
    }
  }
}

/** Cut to what a failure can carry; a character that is cut through becomes another one. */
function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, failureBytesMax / 3).toWellFormed();
}
