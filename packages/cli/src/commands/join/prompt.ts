/**
 * A line at the bottom of the terminal to type in, while what others say is printed above it. It shows
 * when the server is away and how much waits to be sent.
 */
import { clearLine, createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import type { Client } from '@choir/client';
import type { Context } from '../../context.ts';
import { printable } from '../../output/printable.ts';

export class Prompt {
  readonly #group: string;
  readonly #client: Client;
  readonly #screen: NodeJS.WriteStream;
  readonly #editor: Interface;
  readonly #output: Context['output'];

  constructor(
    group: string,
    client: Client,
    {
      input,
      screen,
      output,
      interruption,
    }: Pick<Context, 'input' | 'screen' | 'output' | 'interruption'>,
  ) {
    this.#group = printable(group);
    this.#client = client;
    this.#screen = screen;
    this.#output = output;
    this.#editor = createInterface({ input, output: screen, prompt: this.#text });
    this.#editor.on('SIGINT', () => interruption.interrupt('SIGINT'));
    output.surround((write) => this.#above(write));
    const stops = [
      client.on('connection', () => this.#refresh()),
      client.on('pending', () => this.#refresh()),
    ];
    this.#editor.on('close', () => {
      for (const stop of stops) stop();
      output.surround((write) => write());
      clearLine(screen, 0);
      cursorTo(screen, 0);
    });
    this.#refresh();
  }

  async *lines(): AsyncIterable<Uint8Array> {
    const encoder = new TextEncoder();
    for await (const line of this.#editor) {
      this.#takeBack(line);
      if (line.trim() !== '') {
        // It comes back in its place among the others; until then it would be seen nowhere.
        if (this.#client.connection.state !== 'online') {
          this.#output.result({ type: 'waiting' }, this.#output.paint('dim', `waiting: ${line}`));
        }
        yield encoder.encode(line);
      }
      this.#refresh();
    }
  }

  /** Takes the line away; what is printed from then on goes below the rest. */
  close(): void {
    this.#editor.close();
  }

  get #text(): string {
    const { pending } = this.#client;
    if (this.#client.connection.state === 'online') return `${this.#group}> `;
    return `${this.#group} (offline${pending === 0 ? '' : `, ${pending} waiting`})> `;
  }

  #refresh(): void {
    this.#editor.setPrompt(this.#text);
    this.#above(() => {});
  }

  #above(write: () => void): void {
    cursorTo(this.#screen, 0);
    clearLine(this.#screen, 0);
    write();
    this.#editor.prompt(true);
  }

  /** Removes the line as it was typed. */
  #takeBack(line: string): void {
    const typed = this.#editor.getPrompt().length + line.length;
    const rows = Math.max(1, Math.ceil(typed / (this.#screen.columns || 80)));
    moveCursor(this.#screen, 0, -rows);
    this.#screen.write('\u001b[J');
  }
}
