/** An end that may come at any time, and with it the end of every wait. */
export class Ending {
  readonly #waits = new Set<(error: unknown) => void>();
  #came: { readonly error: unknown } | undefined;

  /** Ends all waits, those of now and those to come. */
  come(error: unknown): void {
    this.#came ??= { error };
    for (const reject of this.#waits) reject(error);
    this.#waits.clear();
  }

  /** The result, unless the end comes first. */
  before<T>(result: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#came !== undefined) reject(this.#came.error);
      this.#waits.add(reject);
      // Nothing stays behind of a wait that is over: there are as many as there are messages.
      result.then(resolve, reject).finally(() => this.#waits.delete(reject));
    });
  }
}
