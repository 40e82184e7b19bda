/** What one process says and hears in a group, and what became of what it said. */
import { GroupError, type ProcessGroup } from '@choir/process-group';
import { Failure } from '../../../failure.ts';
import type { Output } from '../../../output/output.ts';
import { inputLines } from '../../input-lines.ts';
import { copiesBack, linesText } from './copies-back.ts';
import { OwnLines } from './own-lines.ts';
import { tell } from './telling.ts';

/** The longest message that a group takes. */
const lineBytesMax = 16 * 1024 ** 2 - 16 * 1024;
const channel = 'main';
/** A line comes back when all members hold it. Who is cut off would be given its own agreed lines, which nobody else may ever be. */
const delivery = 'safe';

export class Conversation {
  readonly #group: ProcessGroup;
  readonly #output: Output;
  readonly #lines = new OwnLines();
  #hasMajority = true;
  #tooLong = 0;
  #isSilent = false;

  constructor(group: ProcessGroup, output: Output) {
    this.#group = group;
    this.#output = output;
  }

  /** Prints what happens until the group is over. @throws GroupError that ended it */
  async listen(): Promise<void> {
    const [group, output, lines] = [this.#group, this.#output, this.#lines];
    for await (const event of group) {
      tell(event, output);
      if (event.kind === 'message' && event.channel === channel) lines.heard(event.from.id);
      else if (event.kind === 'primary') this.#hasMajority = event.primary;
      else if (event.kind === 'excluded') this.#noteLost(lines.excluded(group.self?.id));
      if (output.stalled) await output.drained();
    }
  }

  /**
   * Multicasts what is typed or piped in, until it ends or `fallSilent` is called.
   *
   * @throws GroupError when the group is over
   * @throws Failure when the input cannot be read
   */
  async talk(input: NodeJS.ReadStream): Promise<void> {
    const limit = { bytesMax: lineBytesMax, onTooLong: (number: number) => this.#passOver(number) };
    try {
      for await (const data of inputLines(input, limit)) {
        if (this.#isSilent) return;
        this.#lines.read();
        await this.#group.multicast(data, { channel, delivery });
        this.#lines.said(this.#group.self?.id);
      }
    } catch (error) {
      if (error instanceof GroupError || !isSystemError(error)) throw error;
      throw new Failure('failed', `Standard input cannot be read: ${error.message}.`);
    }
  }

  /** Nothing more is said. */
  fallSilent(): void {
    this.#isSilent = true;
  }

  /** Waits until what was said has come back, `stop` comes, or for so long nothing has come back. */
  async settle(patienceMs: number, stop: Promise<unknown>): Promise<void> {
    const [group, output, lines] = [this.#group, this.#output, this.#lines];
    await copiesBack({ group, output, lines, patienceMs, stop });
  }

  /** On standard error, for who ends with something else. */
  noteMissing(): void {
    if (this.#lines.missing > 0) this.#output.note(...this.#missingLines());
  }

  /** @throws Failure when something may not have been sent, or was not */
  check(): void {
    if (this.#lines.missing > 0) throw new Failure('unsent', ...this.#missingLines());
    if (this.#tooLong === 0) return;
    const text = `${linesText(this.#tooLong)} not sent: longer than ${lineBytesMax} bytes.`;
    throw new Failure('failed', text);
  }

  #missingLines(): readonly string[] {
    const one = this.#lines.missing === 1;
    const why = this.#hasMajority ? '' : ', since there is no majority';
    return [
      `${linesText(this.#lines.missing)} may not have been sent: ${one ? 'it has' : 'they have'} not come back${why}.`,
      `Ask the others whether they were given ${one ? 'it' : 'them'}, and send again what is missing when a majority is together.`,
    ];
  }

  #noteLost(count: number): void {
    if (count > 0) this.#output.note(`${linesText(count)} may not have been sent`);
  }

  #passOver(number: number): void {
    this.#tooLong += 1;
    this.#output.note(`line ${number} is longer than ${lineBytesMax} bytes, and is not sent`);
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
