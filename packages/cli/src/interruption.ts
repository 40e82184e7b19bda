import { exitNumber } from './exit-code.ts';
import { Failure } from './failure.ts';

/** SIGHUP: the terminal was closed. It may come more than once, from the system, a shell and a parent. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const endSignals: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** SIGINT, SIGTERM or SIGHUP: the first asks for an orderly end, a second one but SIGHUP ends the process at once. */
export class Interruption {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #by: EndSignal | undefined;
  #forward: ((by: EndSignal) => void) | undefined;

  constructor() {
    this.signal = this.#controller.signal;
    for (const name of endSignals) process.on(name, () => this.interrupt(name));
  }

  /** Also for a Ctrl-C that a line editor swallowed. */
  interrupt(by: EndSignal): void {
    if (this.#forward !== undefined) {
      this.#forward(by);
      return;
    }
    if (this.#by !== undefined && by === 'SIGHUP') return;
    if (this.#by !== undefined) process.exit(exitNumber(this.code));
    this.#by = by;
    this.#controller.abort();
  }

  /** From now on signals are not for this process but for the one that it runs. */
  forward(pass: (by: EndSignal) => void): void {
    this.#forward = pass;
  }

  get code(): 'interrupted' | 'terminated' {
    return this.#by === 'SIGINT' ? 'interrupted' : 'terminated';
  }

  /** What ends a command that was interrupted before it was done; nothing needs to be said. */
  readonly failure = (): Failure => new Failure(this.code);

  /** Resolves when it comes. */
  get came(): Promise<void> {
    if (this.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
