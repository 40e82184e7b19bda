/** How far it is, on standard error: one line that changes on a terminal, else a line now and then. */

const everyMs = { terminal: 200, file: 5_000 } as const;

export class Progress {
  readonly #stream: NodeJS.WriteStream = process.stderr;
  readonly #text: () => string;
  readonly #timer: NodeJS.Timeout;
  #shown = '';

  constructor(text: () => string) {
    this.#text = text;
    this.#timer = setInterval(
      () => this.#show(),
      this.#stream.isTTY ? everyMs.terminal : everyMs.file,
    );
  }

  /** Shows the last state and leaves the line alone. */
  end(): void {
    clearInterval(this.#timer);
    this.#show();
    if (this.#stream.isTTY) this.#stream.write('\n');
  }

  #show(): void {
    const text = this.#text();
    if (text === this.#shown) return;
    this.#shown = text;
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[2K${text}` : `${text}\n`);
  }
}
