import { clientId, displayName, durationMs, natural, usage } from './values.ts';

/** What the command line gave for one command; every value is read through here. */
export class Given {
  /** The words that are no options. */
  readonly words: readonly string[];
  /** The words after `--`; undefined when there was none. */
  readonly rest: readonly string[] | undefined;
  readonly #options: ReadonlyMap<string, readonly string[]>;

  constructor(
    words: readonly string[],
    rest: readonly string[] | undefined,
    options: ReadonlyMap<string, readonly string[]>,
  ) {
    this.words = words;
    this.rest = rest;
    this.#options = options;
  }

  /** A word that the command cannot do without; `max` and names are checked when parsing. */
  word(index: number, name: string): string {
    const word = this.words[index];
    if (word === undefined) throw usage(`${name} is missing.`);
    return word;
  }

  flag(name: string): boolean {
    return this.#options.has(name);
  }

  list(name: string): readonly string[] {
    return this.#options.get(name) ?? [];
  }

  text(name: string): string | undefined {
    return this.list(name).at(-1);
  }

  durationMs(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : durationMs(`--${name}`, text);
  }

  natural(name: string, max?: number): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : natural(`--${name}`, text, max);
  }

  clientId(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : clientId(`--${name}`, text);
  }

  displayName(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : displayName(`--${name}`, text);
  }
}
