/**
 * Collects what is wrong with a JSON value. The first problem decides, and reading stops there.
 * The path is put together on the way out, so that values without problems pay nothing for it.
 */

/** Which refusal the problem leads to (`codes`). */
export type ProblemCode = 'MALFORMED' | 'TOO_LARGE' | 'BAD_NAME';

export type Problem = {
  readonly code: ProblemCode;
  /** What is wrong, as a clause: "is not a string". */
  readonly problem: string;
  /** Where in the value, e.g. `body.parts[0].data`; empty for the value itself. */
  readonly path: string;
};

export class Problems {
  #first: Problem | null = null;
  #counted = 0;

  get failed(): boolean {
    return this.#first !== null;
  }

  get first(): Problem | null {
    return this.#first;
  }

  /** Items of lists that were looked at. */
  get counted(): number {
    return this.#counted;
  }

  count(items: number): void {
    this.#counted += items;
  }

  report(code: ProblemCode, problem: string): void {
    this.#first ??= { code, problem, path: '' };
  }

  /** The reader of an object or list says in which of its fields or items the problem was found. */
  within(step: string | number): void {
    if (this.#first === null) return;
    const { path } = this.#first;
    const head = typeof step === 'number' ? `[${step}]` : step;
    const dot = path === '' || path.startsWith('[') ? '' : '.';
    this.#first = { ...this.#first, path: head + dot + path };
  }
}
