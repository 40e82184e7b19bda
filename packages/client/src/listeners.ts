/** Typed listeners of named events. */

/** Stops listening. Calling it twice does nothing. */
export type Unsubscribe = () => void;

/** Calls what the application gave; what that throws is an uncaught error of its own, and stops nothing else. */
export function callBack(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

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
    for (const listener of [...(this.#byEvent[name] ?? [])]) callBack(() => listener(event));
  }
}
