/**
 * T4 Nobody holds the state when all processors of a view of FTMP have said in it that they do not (`Hello`). Those who lack it, and observers, keep count.
 */
import { compareViews, type ProcessorId, type View } from '@choir/ftmp';
import type { MessageOf } from './message.ts';

export class RollCall {
  #view: View | null = null;
  /** Who said so in this view; whether it observes. */
  readonly #spoken = new Map<ProcessorId, boolean>();

  view(view: View): void {
    this.#view = view;
    this.#spoken.clear();
  }

  /** True when all have spoken. */
  hello(sender: ProcessorId, { view, observes }: MessageOf<'hello'>): boolean {
    const present = this.#view;
    if (present === null || compareViews(view, present.id) !== 0) return false;
    this.#spoken.set(sender, observes);
    return present.members.every((member) => this.#spoken.has(member));
  }

  /** It lacks the state no more; or, when it observes, the roll. */
  held(sender: ProcessorId): void {
    if (this.#spoken.get(sender) === false) this.#spoken.delete(sender);
  }
}
