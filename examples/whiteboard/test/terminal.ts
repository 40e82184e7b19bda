/** The whiteboard in a terminal that `script` of util-linux makes; it is killed when the test is over. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { onTestFailed, onTestFinished } from 'vitest';

export const program = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** Whether this machine has the one whose options are used. */
export const hasScript = /util-linux/.test(
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '',
);

export class Terminal {
  /** With the exit code of the whiteboard. */
  readonly ended: Promise<number | null>;
  readonly #keys: NodeJS.WritableStream;
  #written = '';
  #look: () => void = () => {};

  constructor(directory: string, id: string) {
    const node = [process.execPath, ...process.execArgv, program, '--id', id];
    const command = `stty rows 24 cols 80; exec ${node.map((word) => `'${word}'`).join(' ')}`;
    const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { ...process.env, CHOIR_RUNTIME: directory, SHELL: '/bin/sh', TERM: 'xterm-256color' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#keys = child.stdin;
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#written += text;
      this.#look();
    });
    this.ended = new Promise((resolve) => {
      child.once('close', resolve);
    });
    onTestFinished(async () => {
      // Its terminal is gone with it, and so is the whiteboard.
      child.kill('SIGKILL');
      await this.ended;
    });
    onTestFailed(() => console.error(`${id} showed:\n${this.screen}`));
  }

  press(keys: string): void {
    this.#keys.write(keys);
  }

  /** Everything that was written to the terminal. */
  get written(): string {
    return this.#written;
  }

  /** The last frame, without colours. */
  get screen(): string {
    return stripVTControlCharacters(this.#written.split('\x1b[H').at(-1) ?? '');
  }

  /** Resolves when the screen shows it. */
  shows(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (this.screen.includes(text)) resolve();
      };
      this.#look();
    });
  }
}
