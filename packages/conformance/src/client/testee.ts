/**
 * The client that is checked: a program that takes orders on its standard input and tells events on its
 * standard output, one JSON object per line. The server is in CHOIR_SERVER.
 *
 *     {"do":"join","group":"g"}                     {"event":"joined","about":["g"]}
 *     {"do":"broadcast","group":"g","text":"hi"}    {"event":"settled","about":[1]}
 *                                                   {"event":"message","about":["g","sender","text"]}
 *                                                   {"event":"refused","about":[1,"CODE"]}
 *                                                   {"event":"ended","about":["CODE"]}
 *
 * Other events mean nothing here. When its input ends, the program closes the client and ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type Order =
  | { readonly do: 'join'; readonly group: string }
  | { readonly do: 'broadcast'; readonly group: string; readonly text: string };

export type Told = { readonly event: string; readonly about: readonly unknown[] };

export class Testee {
  readonly told: Told[] = [];
  readonly #child: ChildProcess;
  readonly #patienceMs: number;
  #read = 0;
  #over = false;
  #problem: string | null = null;
  #wake: () => void = () => {};

  constructor(command: string, url: string, patienceMs: number) {
    this.#patienceMs = patienceMs;
    const child = spawn(command, {
      shell: true,
      detached: true,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, CHOIR_SERVER: url },
    });
    this.#child = child;
    // A program that ended does not read what is still written to it.
    child.stdin?.on('error', () => {});
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    lines.on('line', (line) => {
      const told = toldOf(line);
      if (told === null) this.#problem ??= `the client prints what is no event: ${line}`;
      else this.told.push(told);
      this.#wake();
    });
    lines.on('close', () => {
      this.#over = true;
      this.#wake();
    });
  }

  order(...orders: readonly Order[]): void {
    this.#child.stdin?.write(orders.map((each) => `${JSON.stringify(each)}\n`).join(''));
  }

  async event(kind: string): Promise<Told> {
    for (;;) {
      const found = this.told[this.#read];
      if (found !== undefined) {
        this.#read += 1;
        if (found.event === kind) return found;
      } else if (this.#problem !== null) throw new Error(this.#problem);
      else if (this.#over || !(await this.#arrival())) {
        throw new Error(`the client tells no "${kind}"; it told ${JSON.stringify(this.told)}`);
      }
    }
  }

  async stop(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    process.kill(-pid, 'SIGKILL');
    await ended;
  }

  #arrival(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), this.#patienceMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}

function toldOf(line: string): Told | null {
  try {
    const { event, about } = JSON.parse(line);
    return typeof event === 'string' && Array.isArray(about) ? { event, about } : null;
  } catch {
    return null;
  }
}
