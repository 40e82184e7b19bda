/**
 * Whether this process is in the group, and whether the group goes on: `primary` as an application sees it. Who was excluded is in no view until it is
 * back, so nothing is delivered to it, whatever its processor says of quorums meanwhile.
 */
export class Presence {
  readonly #onPrimary: (primary: boolean) => void;
  readonly #watchers: ((isIn: boolean) => void)[] = [];
  #hasQuorum = true;
  #isIn = false;
  /** Null before the first view. */
  #told: boolean | null = null;

  /** @param onPrimary is told what has changed while this process is in a view; at the first one it is taken for true, and an exclusion speaks for itself */
  constructor(onPrimary: (primary: boolean) => void) {
    this.#onPrimary = onPrimary;
  }

  get primary(): boolean {
    return this.#isIn && this.#hasQuorum;
  }

  /** Whether the processor has a quorum, also before this process is in a view. */
  get hasQuorum(): boolean {
    return this.#hasQuorum;
  }

  /** Has the watcher told when this process was removed, at once if it is out now, and when it is back. */
  watch(watcher: (isIn: boolean) => void): void {
    this.#watchers.push(watcher);
    if (!this.#isIn) watcher(false);
  }

  /** What the processor says. */
  quorum(hasQuorum: boolean): void {
    this.#hasQuorum = hasQuorum;
    this.#tell();
  }

  viewed(): void {
    if (this.#isIn) return;
    this.#isIn = true;
    const isBack = this.#told !== null;
    this.#told ??= true;
    this.#tell();
    if (isBack) for (const watcher of this.#watchers) watcher(true);
  }

  /** It comes back under another id, of which its processor has said nothing yet. */
  excluded(): void {
    const wasIn = this.#isIn;
    this.#isIn = false;
    this.#hasQuorum = true;
    if (wasIn) for (const watcher of this.#watchers) watcher(false);
  }

  #tell(): void {
    if (!this.#isIn || this.#hasQuorum === this.#told) return;
    this.#told = this.#hasQuorum;
    this.#onPrimary(this.#told);
  }
}
