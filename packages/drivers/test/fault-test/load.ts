// Load on the machine: a process for each core, each busy for the same share of the time.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const program = new URL('./burner.ts', import.meta.url);

export class Load {
  readonly #burners: readonly ChildProcess[];
  readonly #shares: number[] = [];
  readonly #before = machineTimes();

  /** @param share 0 … 1 of each core */
  constructor(share: number) {
    this.#burners = Array.from({ length: availableParallelism() }, () => {
      const burner = fork(program, [String(share)], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      burner.on('message', (got) => this.#shares.push(Number(got)));
      return burner;
    });
  }

  /** The mean share of a core that a burner got, and the share of the machine that was busy with whatever. */
  async end(): Promise<{ readonly burnt: number; readonly busy: number }> {
    const now = machineTimes();
    for (const burner of this.#burners) {
      burner.kill('SIGKILL');
      if (burner.exitCode === null && burner.signalCode === null) await once(burner, 'exit');
    }
    const sum = this.#shares.reduce((total, share) => total + share, 0);
    const all = Math.max(1, now.all - this.#before.all);
    return {
      burnt: sum / Math.max(1, this.#shares.length),
      busy: 1 - (now.idle - this.#before.idle) / all,
    };
  }
}

/** Of all cores together, in ticks. */
function machineTimes(): { readonly idle: number; readonly all: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const [, , , idle = 0, waiting = 0] = ticks;
  return { idle: idle + waiting, all: ticks.reduce((sum, one) => sum + one, 0) };
}
