/** What a running server does for its operator. */
import type { Journal } from '@choir/journal';
import type { Host } from '../host/index.ts';
import type { Log } from '../log/log.ts';
import type { GroupFigures, OperatorReply, OperatorRequest } from './request.ts';

export class OperatorDesk {
  readonly #host: Host;
  readonly #journal: Journal;
  readonly #log: Log;
  #copying = false;

  constructor(host: Host, journal: Journal, log: Log) {
    this.#host = host;
    this.#journal = journal;
    this.#log = log;
  }

  readonly answer = async (request: OperatorRequest): Promise<OperatorReply> => {
    switch (request.kind) {
      case 'groups':
        return { kind: 'groups', groups: await this.#groups() };
      case 'backup':
        return this.#backUp(request.to);
      default:
        return request satisfies never;
    }
  };

  /** Sizes are those of the rows on disk, which are behind by a second at most. */
  async #groups(): Promise<readonly GroupFigures[]> {
    const sizes = await this.#journal.sizes();
    return this.#host.groups().map((group) => {
      const { rows: entries = 0, bytes = 0 } = sizes?.get(group.group) ?? {};
      return sizes === null ? group : { ...group, entries, bytes };
    });
  }

  async #backUp(to: string): Promise<OperatorReply> {
    if (this.#copying) {
      return { kind: 'refused', code: 'BUSY', message: 'Another backup is under way.' };
    }
    this.#copying = true;
    const began = performance.now();
    try {
      const failure = await this.#journal.backup(to);
      const ms = Math.round(performance.now() - began);
      if (failure === null) {
        this.#log.info({ to, ms }, 'backed up');
        return { kind: 'done' };
      }
      this.#log.warn({ to, code: failure.code, message: failure.message }, 'the backup failed');
      return { kind: 'refused', code: failure.code, message: failure.message };
    } finally {
      this.#copying = false;
    }
  }
}
