import { exitNumber } from './exit-code.ts';
import { Failure } from './failure.ts';

/** SIGINT or SIGTERM: the first asks for an orderly end, a second one ends the process at once. */
export class Interruption {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #by: 'SIGINT' | 'SIGTERM' | undefined;
  #forward: ((by: 'SIGINT' | 'SIGTERM') => void) | undefined;

  constructor() {
    this.signal = this.#controller.signal;
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => this.interrupt(name));
  }

  /** Also for a Ctrl-C that a line editor swallowed. */
  interrupt(by: 'SIGINT' | 'SIGTERM'): void {
    if (this.#forward !== undefined) {
      this.#forward(by);
      return;
    }
    if (this.#by !== undefined) process.exit(exitNumber(this.code));
    this.#by = by;
    this.#controller.abort();
  }

  /** From now on signals are not for this process but for the one that it runs. */
  forward(pass: (by: 'SIGINT' | 'SIGTERM') => void): void {
    this.#forward = pass;
  }

  get code(): 'interrupted' | 'terminated' {
    return this.#by === 'SIGTERM' ? 'terminated' : 'interrupted';
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
