/** How far a bench is, for who watches it on a terminal. */
import type { Context } from '../../../context.ts';
import type { Setup } from './report.ts';

/** One line on a terminal that is written over; nothing elsewhere. */
export class Progress {
  readonly #stream: NodeJS.WriteStream | null;
  readonly #seconds: number;
  readonly #counts = new Map<number, number>();
  readonly #members: number;
  #ticks = 0;

  constructor({ output, screen }: Context, { seconds, members }: Setup) {
    this.#stream = screen.isTTY && !output.json ? screen : null;
    this.#seconds = seconds;
    this.#members = members;
  }

  show(text: string): void {
    this.#stream?.write(`\r\u001b[K${text}`);
  }

  /** A member was given so many since the beginning; told once a second. */
  count(member: number, messages: number): void {
    this.#counts.set(member, messages);
    if (member !== 1 || this.#counts.size < this.#members) return;
    this.#ticks += 1;
    const slowest = Math.min(...this.#counts.values());
    this.show(`${this.#ticks} s of ${this.#seconds} s, ${slowest} messages at the slowest`);
  }

  clear(): void {
    this.show('');
  }
}
