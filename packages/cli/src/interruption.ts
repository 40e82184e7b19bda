import { exitNumber } from './exit-code.ts';

/** SIGINT or SIGTERM: the first asks for an orderly end, a second one ends the process at once. */
export class Interruption {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  #by: 'SIGINT' | 'SIGTERM' | undefined;

  constructor() {
    this.signal = this.#controller.signal;
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => this.interrupt(name));
  }

  /** Also for a Ctrl-C that a line editor swallowed. */
  interrupt(by: 'SIGINT' | 'SIGTERM'): void {
    if (this.#by !== undefined) process.exit(exitNumber(this.code));
    this.#by = by;
    this.#controller.abort();
  }

  get code(): 'interrupted' | 'terminated' {
    return this.#by === 'SIGTERM' ? 'terminated' : 'interrupted';
  }
}
