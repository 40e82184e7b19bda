// Follows a tutorial to the letter, as a reader would: in a fresh folder, beside a clone.

import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { changed, type Step, stepsOf } from './page.ts';
import { Terminal } from './terminal.ts';

const clone = join(import.meta.dirname, '../..');

export type Place = {
  /** Empty, and the reader's own. */
  readonly folder: string;
  /** Where the reader makes files, inside of it. */
  readonly project: string;
};

/** Fails at the first thing that is not as the page says. */
export async function follow(markdown: string, { folder, project }: Place): Promise<void> {
  const port = await freePort();
  symlinkSync(clone, join(folder, 'choir'));
  const environment = {
    CHOIR_STATE: join(folder, 'state'),
    CHOIR_RUNTIME: join(folder, 'runtime'),
    CHOIR_SERVE_PORT: String(port),
    CHOIR_SERVER: `ws://127.0.0.1:${port}`,
    npm_config_offline: 'true',
    npm_config_audit: 'false',
  };
  const even = (line: string) => line.replaceAll(`127.0.0.1:${port}`, '127.0.0.1:7400');
  const terminals = new Map<string, Terminal>();
  const terminal = (name: string): Terminal => {
    const known = terminals.get(name) ?? new Terminal(name, folder, environment, even);
    terminals.set(name, known);
    return known;
  };
  try {
    for (const step of stepsOf(markdown)) {
      if (step.kind === 'session') {
        await terminal(step.terminal).session(step.lines);
      } else write(step, join(folder, project));
    }
    for (const each of terminals.values()) await each.ended();
  } finally {
    for (const each of terminals.values()) await each.stop();
  }
}

function write(step: Exclude<Step, { kind: 'session' }>, folder: string): void {
  const file = join(folder, step.name);
  if (step.kind === 'file') writeFileSync(file, step.text);
  else writeFileSync(file, changed(readFileSync(file, 'utf8'), step.change));
}

/** Of the system's choice; the server is started on it more than once. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
