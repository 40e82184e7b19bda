import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The lines that a process printed, kept, and waited for one after the other. */
export class LineLog {
  readonly #lines: string[] = [];
  #read = 0;
  #over = false;
  #wake: () => void = () => {};

  constructor(stream: Readable) {
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    lines.on('close', () => {
      this.#over = true;
      this.#wake();
    });
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }

  /** The next line, after the one returned last, that is wanted; fails when the stream ends first. */
  async next(wanted: (line: string) => boolean): Promise<string> {
    for (;;) {
      const line = this.#lines[this.#read];
      if (line !== undefined) {
        this.#read += 1;
        if (wanted(line)) return line;
      } else if (this.#over) {
        throw new Error(`the stream ended before the line came:\n${this.text}`);
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
