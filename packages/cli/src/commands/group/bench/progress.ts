/** How far a bench is, for who watches it, and for who asks why it was given up. */
import type { Context } from '../../../context.ts';
import type { Output } from '../../../output/output.ts';
import { membersText } from './report.ts';

/** Without a terminal it is said so often at most, and whenever something else is done. */
const lineMs = 10_000;

/** One line on a terminal that is written over; lines on standard error elsewhere; nothing with --json. */
export class Progress {
  readonly #screen: NodeJS.WriteStream | null;
  readonly #output: Output | null;
  /** What each member was given in this step. */
  readonly #counts = new Map<number, number>();
  /** How many each member sees in the group. */
  readonly #sees = new Map<number, number>();
  readonly #members: number;
  #step = '';
  #ticks = 0;
  #saidAt = Number.NEGATIVE_INFINITY;
  #latest = '';
  readonly #again: NodeJS.Timeout;

  constructor({ output, screen }: Context, members: number) {
    this.#screen = screen.isTTY && !output.json ? screen : null;
    this.#output = screen.isTTY || output.json ? null : output;
    this.#members = members;
    // Also while nothing comes of the members.
    this.#again = setInterval(() => this.#show(this.#latest), lineMs).unref();
  }

  /** Something else is done from here on. */
  begin(step: string): void {
    this.#step = step;
    this.#counts.clear();
    this.#ticks = 0;
    this.#saidAt = Number.NEGATIVE_INFINITY;
    this.#show(step);
  }

  /** A member has so many members in its view. */
  viewed(member: number, members: number): void {
    this.#sees.set(member, members);
    this.#show(`${this.#step}: ${this.#together}`);
  }

  /** A member was given so many in this step; told once a second. */
  count(member: number, messages: number): void {
    this.#counts.set(member, messages);
    if (member !== 1 || this.#counts.size < this.#members) return;
    this.#ticks += 1;
    this.#show(`${this.#step}: ${this.#ticks} s, ${this.#slowest} messages at the slowest`);
  }

  /** How far it has come, in one sentence without its end. */
  get reached(): string {
    const given =
      this.#counts.size === 0 ? '' : `; the slowest was given ${this.#slowest} messages`;
    return `it was at "${this.#step}": ${this.#together}${given}`;
  }

  /** Nothing more is said. */
  end(): void {
    clearInterval(this.#again);
    this.#screen?.write('\r\u001b[K');
  }

  get #together(): string {
    const most = Math.max(0, ...this.#sees.values());
    return `${this.#sees.size} of ${membersText(this.#members)} joined, ${most} see each other`;
  }

  get #slowest(): number {
    return Math.min(...this.#counts.values());
  }

  #show(text: string): void {
    this.#latest = text;
    this.#screen?.write(`\r\u001b[K${text}`);
    if (this.#output === null || performance.now() - this.#saidAt < lineMs) return;
    this.#saidAt = performance.now();
    this.#output.note(text);
  }
}
