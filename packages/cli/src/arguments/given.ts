import { clientId, displayName, durationMs, natural, usage, wholeNumber } from './values.ts';

/** What the command line gave for one command; every value is read through here. */
export class Given {
  /** The words that are no options. */
  readonly words: readonly string[];
  /** The words after `--`; undefined when there was none. */
  readonly rest: readonly string[] | undefined;
  /** The values of the options, as they were typed. */
  readonly layer: ReadonlyMap<string, readonly string[]>;
  readonly #places: ReadonlyMap<string, string>;

  /** `places`: what messages call an option that came by another way than the command line. */
  constructor(
    words: readonly string[],
    rest: readonly string[] | undefined,
    layer: ReadonlyMap<string, readonly string[]>,
    places: ReadonlyMap<string, string> = new Map(),
  ) {
    this.words = words;
    this.rest = rest;
    this.layer = layer;
    this.#places = places;
  }

  /** A word that the command cannot do without; `max` and names are checked when parsing. */
  word(index: number, name: string): string {
    const word = this.words[index];
    if (word === undefined) throw usage(`${name} is missing.`);
    return word;
  }

  flag(name: string): boolean {
    return this.layer.has(name);
  }

  list(name: string): readonly string[] {
    return this.layer.get(name) ?? [];
  }

  text(name: string): string | undefined {
    return this.list(name).at(-1);
  }

  durationMs(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : durationMs(this.place(name), text);
  }

  natural(name: string, max?: number): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : natural(this.place(name), text, max);
  }

  /** A number of which there is at least one. */
  limit(name: string, max: number = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : wholeNumber(this.place(name), text, { min: 1, max });
  }

  clientId(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : clientId(this.place(name), text);
  }

  displayName(name: string): string | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : displayName(this.place(name), text);
  }

  /** What messages call an option. */
  place(name: string): string {
    return this.#places.get(name) ?? `--${name}`;
  }
}
