/**
 * Standard output for results, standard error for everything else. A result is printed as a line for
 * people or, with `--json`, as one JSON object; the two never mix.
 */
import { styleText } from 'node:util';

/** A JSON object of the documented output (`docs/cli.md`). */
export type Record = { readonly type: string; readonly [name: string]: unknown };

export type Style = Parameters<typeof styleText>[0];

/** Results that wait for their reader. */
const waitingBytesMax = 8 * 1024 * 1024;

export class Output {
  readonly json: boolean;
  readonly #out: NodeJS.WriteStream;
  readonly #errors: NodeJS.WriteStream;
  #around: (write: () => void) => void = (write) => write();

  constructor(json: boolean, out: NodeJS.WriteStream, errors: NodeJS.WriteStream) {
    this.json = json;
    this.#out = out;
    this.#errors = errors;
  }

  /** Prints a result. An empty line for people means that it is of use to programs only. */
  result(record: Record, line: string): void {
    if (this.json) this.#around(() => this.#out.write(`${JSON.stringify(record)}\n`));
    else if (line !== '') this.#around(() => this.#out.write(`${line}\n`));
  }

  /** A line of a table that is no result by itself; for people only. */
  line(text: string): void {
    this.#around(() => this.#out.write(`${text}\n`));
  }

  /** Bytes as they are; for people only. */
  bytes(data: Uint8Array): void {
    this.#out.write(data);
  }

  /** Whoever reads the results does not keep up: no more should come before `drained`. */
  get stalled(): boolean {
    return this.#out.writableLength > waitingBytesMax;
  }

  /** Resolves when everything was read, or will never be. */
  async drained(): Promise<void> {
    await new Promise<void>((resolve) => this.#out.write('', () => resolve()));
  }

  note(...lines: readonly string[]): void {
    this.#around(() => {
      for (const line of lines) this.#errors.write(`${line}\n`);
    });
  }

  /** Has every write done within this, which may put a prompt out of the way and back. */
  surround(around: (write: () => void) => void): void {
    this.#around = around;
  }

  /** Coloured when results go to a terminal and NO_COLOR is not set. */
  paint(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#out });
  }
}
