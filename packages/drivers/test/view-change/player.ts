// A processor of the recorded group, in a process of its own: begun, told what to send, waited for, killed.
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Host, Namespaces } from '@choir/testkit/node';
import type { Beginning, Told } from './processor-message.ts';

const program = fileURLToPath(new URL('./processor.ts', import.meta.url));
const withinMs = 20_000;

export class Player {
  readonly #child: ChildProcess;
  readonly #news = new EventEmitter();
  readonly #told: Told[] = [];

  constructor(network: Namespaces, host: Host, beginning: Beginning) {
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc'] as const;
    this.#child = network.spawn(host, [process.execPath, program], { stdio: [...stdio] });
    this.#child.on('message', (told: Told) => {
      this.#told.push(told);
      this.#news.emit('told');
    });
    this.#child.send(beginning);
  }

  send(text: string): void {
    this.#child.send(text);
  }

  /** Resolves when the last view that it was given has so many members. */
  view(members: number): Promise<void> {
    return this.#until(`a view of ${members}`, () => {
      const last = this.#told.findLast((told) => told.kind === 'view');
      return last?.members === members;
    });
  }

  /** Resolves when all these were delivered to it. */
  delivered(texts: readonly string[]): Promise<void> {
    return this.#until(texts.join(', '), () =>
      texts.every((text) =>
        this.#told.some((told) => told.kind === 'message' && told.text === text),
      ),
    );
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  async #until(what: string, isSo: () => boolean): Promise<void> {
    const late = AbortSignal.timeout(withinMs);
    while (!isSo()) {
      await once(this.#news, 'told', { signal: late }).catch(() => {
        throw new Error(`Not told within ${withinMs} ms: ${what}.`);
      });
    }
  }
}
