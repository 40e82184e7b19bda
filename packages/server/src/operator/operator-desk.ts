/** What a running server does for its operator. */
import type { Journal } from '@choir/journal';
import type { Host } from '../host/index.ts';
import type { Log } from '../log/log.ts';
import type { OperatorReply, OperatorRequest } from './request.ts';

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
        return { kind: 'groups', groups: this.#host.groups() };
      case 'backup':
        return this.#backUp(request.to);
      default:
        return request satisfies never;
    }
  };

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
