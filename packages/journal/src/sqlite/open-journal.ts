/** Starting the journal's thread and waiting for its verdict on the data directory. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { JournalOpenResult } from '../journal.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import type { FromWorker, WorkerSettings } from './thread-message.ts';

export type OpenJournalOptions = {
  /** The data directory; made with mode 0700 if it is missing. One process at a time owns it. */
  readonly directory: string;
};

export async function openJournal(options: OpenJournalOptions): Promise<JournalOpenResult> {
  const worker = startWorker({ directory: options.directory });
  const [message] = (await once(worker, 'message')) as [FromWorker];
  switch (message.kind) {
    case 'opened': {
      const { opened } = message;
      return { ok: true, opened, journal: new SqliteJournal(worker, opened) };
    }
    case 'refused':
      return { ok: false, failure: message.failure };
    default:
      throw new Error(`the journal's thread began with "${message.kind}"`);
  }
}

export function startWorker(settings: WorkerSettings): Worker {
  const entry = new URL('./worker.ts', import.meta.url);
  return new Worker(entry, { name: 'journal', workerData: settings });
}
