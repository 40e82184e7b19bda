/** Has the application answer requests, and tells the askers what came of it. */
import { type CoreEffect, failureBytesMax, type GroupCore, type Member } from './core/index.ts';
import { type Answerer, checkBytes } from './options.ts';

type Request = Extract<CoreEffect, { readonly kind: 'request' }>;

export class Answering {
  readonly #answer: Answerer | null;
  readonly #said: (core: GroupCore) => void;

  /** @param said is told when something was said to this core, later than in `answer` */
  constructor(answer: Answerer | null, said: (core: GroupCore) => void) {
    this.#answer = answer;
    this.#said = said;
  }

  /** Q3: what the application awaits holds nobody up. */
  answer(core: GroupCore, request: Request, from: Member | undefined): void {
    const { asker, number, channel, bytes } = request;
    const reply = (bytes: Uint8Array): void => {
      core.answer(asker, number, checkBytes(bytes));
    };
    const fail = (error: unknown): void => {
      core.fail(asker, number, textOf(error));
    };
    if (this.#answer === null || from === undefined) {
      fail(new Error('This member answers no requests.'));
      return;
    }
    try {
      const given = this.#answer({ from, channel, bytes });
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
