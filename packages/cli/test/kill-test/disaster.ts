/** What befalls a server under load: it is killed, or its machine loses power. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ChoirProcess } from '../running/choir-process.ts';

export type Disaster = {
  /** The data directory of the server. */
  readonly data: string;
  /** Strikes a running server; it has ended when this resolves, and another can be started. */
  strike(server: ChoirProcess): Promise<void>;
  /** Undoes what was set up. */
  end(): void;
};

/** kill -9. */
export function processKill(folder: string): Disaster {
  const data = join(folder, 'data');
  mkdirSync(data);
  return {
    data,
    async strike(server) {
      server.kill('SIGKILL');
      await server.ended();
    },
    end() {},
  };
}
