import { ChoirProcess } from '../running/choir-process.ts';
import { readTold } from './read-told.ts';
import type { Told } from './verdict.ts';

/** Lines that one `choir send` may have unacknowledged. */
const inFlight = 32;
/** Lines of one `choir send`; then the next one is started. */
const batchLines = 400;

/** Runs one `choir send` after the other, each fed with lines as fast as it acknowledges them. */
export class Sender {
  readonly acknowledged: Told[] = [];
  readonly #name: string;
  readonly #args: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;
  readonly #onAck: () => void;
  #process: ChoirProcess | undefined;
  #sent = 0;
  #stopped = false;

  constructor(
    name: string,
    options: { args: readonly string[]; environment: NodeJS.ProcessEnv; onAck: () => void },
  ) {
    this.#name = name;
    this.#args = options.args;
    this.#environment = options.environment;
    this.#onAck = options.onAck;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Resolves after `stop`, when the last run has ended well. */
  async run(): Promise<void> {
    while (!this.#stopped) await this.#batch();
  }

  stop(): void {
    this.#stopped = true;
  }

  kill(): void {
    this.#stopped = true;
    this.#process?.kill('SIGKILL');
  }

  async #batch(): Promise<void> {
    const running = new ChoirProcess(this.#args, this.#environment);
    this.#process = running;
    let left = batchLines;
    const feed = () => {
      left -= 1;
      this.#sent += 1;
      running.type(`${this.#name}-${this.#sent}\n`);
    };
    for (let n = 0; n < inFlight; n++) feed();
    let waiting = inFlight;
    while (waiting > 0) {
      this.acknowledged.push(readTold(await running.json({ type: 'ack' })));
      this.#onAck();
      waiting -= 1;
      if (left > 0 && !this.#stopped) {
        feed();
        waiting += 1;
      }
    }
    running.endInput();
    const { code, stderr } = await running.ended();
    if (code !== 0) throw new Error(`choir send ended with exit code ${code}:\n${stderr}`);
  }
}
