/** Starting the journal's thread and waiting for its verdict on the data directory. */
import { Worker } from 'node:worker_threads';
import type { JournalOpenResult } from '../journal.ts';
import { SqliteJournal, threadEnded } from './sqlite-journal.ts';
import type { FromWorker, WorkerSettings } from './thread-message.ts';

export type OpenJournalOptions = {
  /** The data directory; made with mode 0700 if it is missing. One process at a time owns it. */
  readonly directory: string;
};

/** Opens or creates the journal. A refusal is a result; this never rejects. */
export async function openJournal(options: OpenJournalOptions): Promise<JournalOpenResult> {
  const worker = startWorker({ directory: options.directory });
  const message = await verdictOf(worker);
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

/** The first message of the thread, or a refusal in its name if it ends without one. */
function verdictOf(worker: Worker): Promise<FromWorker> {
  return new Promise((resolve) => {
    const ended = (how: string) => resolve({ kind: 'refused', failure: threadEnded(how) });
    worker.once('message', resolve);
    worker.once('error', (error) => ended(String(error)));
    worker.once('exit', (code) => ended(`exit code ${code}`));
  });
}

export function startWorker(settings: WorkerSettings): Worker {
  const entry = new URL('./worker.ts', import.meta.url);
  return new Worker(entry, { name: 'journal', workerData: settings });
}
