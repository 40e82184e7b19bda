/**
 * A replicated counter: each member has a copy, and changes it only when a message comes, at that message's place in the one order that
 * all see. So all copies are the same, and as long as one of them lives the count does.
 */
import type { GroupView, Member, Replica } from '@choir/process-group';

export class Counter implements Replica {
  #count = 0;
  readonly #show: (count: number, what: string) => void;

  constructor(show: (count: number, what: string) => void) {
    this.#show = show;
  }

  /** A message of a member, this one included. What is no step is passed over, by everybody alike. */
  apply({ label }: Member, bytes: Uint8Array): void {
    const step = Number(Buffer.from(bytes).toString());
    if (Math.abs(step) !== 1) return;
    this.#count += step;
    this.#show(this.#count, `${step > 0 ? '+1' : '-1'} by ${label}`);
  }

  /** Members came or went, at this place between the messages. */
  view({ members, joined, returned, left, excluded }: GroupView): void {
    const news = [
      ...joined.map((one) => `${one.label} ${returned.includes(one) ? 'is back' : 'joined'}`),
      ...left.map(({ label }) => `${label} left`),
      ...excluded.map(({ label }) => `${label} is gone`),
    ];
    const present = members.map(({ label }) => label);
    this.#show(this.#count, `${news.join(', ')}; here: ${present.join(', ')}`);
  }

  /** The state as it is now, for whoever joins. */
  snapshot(): readonly Uint8Array[] {
    return [Buffer.from(`${this.#count}`)];
  }

  /** This member joined, or comes back: it takes over what the others have. */
  restore(pieces: readonly Uint8Array[]): void {
    const count = Number(Buffer.concat(pieces).toString());
    if (!Number.isSafeInteger(count)) throw new Error('This is no count.');
    this.#count = count;
  }
}
