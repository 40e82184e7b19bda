/** The client in `examples/python`, where the machine has Python. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sources = fileURLToPath(new URL('../../../../examples/python', import.meta.url));

export const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('python3 is missing: the client in examples/python is not tested.');

/** A copy of it, with one place changed when a fault is planted. */
export class PythonClient {
  readonly #folder = mkdtempSync(join(tmpdir(), 'choir-python-'));

  constructor(fault?: readonly [from: string, to: string]) {
    cpSync(sources, this.#folder, { recursive: true });
    if (fault === undefined) return;
    const file = join(this.#folder, 'choir.py');
    const [before = '', after, ...more] = readFileSync(file, 'utf8').split(fault[0]);
    if (after === undefined || more.length > 0) throw new Error(`not one place: ${fault[0]}`);
    writeFileSync(file, `${before}${fault[1]}${after}`);
  }

  /** For a shell. */
  command(program: 'orders' | 'talk', ...args: readonly string[]): string {
    return `exec python3 ${join(this.#folder, program)}.py ${args.join(' ')}`;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
