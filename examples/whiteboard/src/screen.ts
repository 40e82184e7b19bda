/**
 * The terminal, while the board stands on it: the alternate screen, no cursor of its own, each key at once. It is restored however the
 * process ends, except by a signal that cannot be caught.
 */
import { emitKeypressEvents, type Key } from 'node:readline';
import type { Size } from './drawing.ts';

const enter = '\x1b[?1049h\x1b[?25l\x1b[2J';
const leave = '\x1b[?25h\x1b[?1049l';

type Input = {
  readonly frame: (size: Size) => string;
  readonly press: (text: string | undefined, key: Key) => void;
};

export class Screen {
  readonly #frame: Input['frame'];
  readonly #press: Input['press'];
  readonly #restore = (): void => this.restore();
  readonly #redraw = (): void => this.redraw();
  readonly #continue = (): void => this.#show();
  #isShown = false;
  #isDue = false;

  /** Shows the first frame. Both streams are terminals. */
  constructor({ frame, press }: Input) {
    this.#frame = frame;
    this.#press = press;
    emitKeypressEvents(process.stdin);
    process.stdin.on('keypress', this.#press).resume();
    process.stdout.on('resize', this.#redraw);
    // After a stop the shell may have changed the terminal.
    process.on('SIGCONT', this.#continue);
    // Before Node.js tells of an error that nobody caught.
    process.on('uncaughtExceptionMonitor', this.#restore).on('exit', this.#restore);
    this.#show();
  }

  /** Soon, and once for all that changes until then. */
  redraw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      if (!this.#isShown) return;
      const { columns, rows } = process.stdout;
      process.stdout.write(this.#frame({ columns, rows }));
    });
  }

  /** The terminal as it was; keys go to nobody any more. */
  restore(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    process.stdin.off('keypress', this.#press).setRawMode(false).pause();
    process.stdout.off('resize', this.#redraw).write(leave);
    process.off('SIGCONT', this.#continue).off('exit', this.#restore);
    process.off('uncaughtExceptionMonitor', this.#restore);
  }

  #show(): void {
    this.#isShown = true;
    // Off first: Node.js believes that what it has set is still so.
    process.stdin.setRawMode(false).setRawMode(true);
    process.stdout.write(enter);
    this.redraw();
  }
}
