/** Typed listeners of named events. */

/** Stops listening. Calling it twice does nothing. */
export type Unsubscribe = () => void;

export class Listeners<Events> {
  readonly #byEvent: { [Name in keyof Events]?: Set<(event: Events[Name]) => void> } = {};

  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe {
    const set = this.#byEvent[name] ?? new Set();
    this.#byEvent[name] = set;
    // A listener of its own, so that the same function can listen twice.
    const own = (event: Events[Name]): void => listener(event);
    set.add(own);
    return () => void set.delete(own);
  }

  tell<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#byEvent[name] ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        // The mistake of one listener is neither the others' nor the session's: it surfaces as an
        // uncaught error of its own.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
