/** Seeds over several processes. Each gets a few at a time, so that all are busy to the end. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Outcome } from '../index.ts';

export type Task = {
  readonly suite: string;
  readonly seeds: readonly number[];
  readonly twice: boolean;
};

/** `again`: the hash of the second run; that of the first where there was none. */
export type Answer = { readonly outcome: Outcome; readonly again: string };

export type JobsOptions = {
  readonly suite: string;
  readonly from: number;
  readonly seeds: number;
  readonly twice: boolean;
  readonly jobs: number;
  /** Returns false to stop. */
  readonly answered: (answer: Answer) => boolean;
  readonly interruption: AbortSignal;
};

const seedsAtOnce = 8;

/** Resolves with true when all seeds were run or it was told to stop, false when a worker died. */
export function runJobs(options: JobsOptions): Promise<boolean> {
  const { suite, from, seeds, twice, jobs, answered, interruption } = options;
  const workerPath = join(import.meta.dirname, 'worker.ts');
  const workers = new Set<ChildProcess>();
  let next = from;
  let going = true;
  return new Promise((resolve) => {
    const finish = (well: boolean): void => {
      going = false;
      for (const worker of workers) worker.kill();
      workers.clear();
      resolve(well);
    };
    const feed = (worker: ChildProcess): void => {
      const end = Math.min(next + seedsAtOnce, from + seeds);
      if (!going || next >= end) {
        workers.delete(worker);
        worker.disconnect();
        if (workers.size === 0) finish(true);
        return;
      }
      const batch = Array.from({ length: end - next }, (_, index) => next + index);
      next = end;
      worker.send({ suite, seeds: batch, twice } satisfies Task);
    };
    interruption.addEventListener('abort', () => finish(true));
    for (let job = 0; job < Math.max(1, jobs); job += 1) {
      const worker = fork(workerPath, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      workers.add(worker);
      worker.on('message', (message: Answer | 'done') => {
        if (!going) return;
        if (message === 'done') feed(worker);
        else if (!answered(message)) finish(true);
      });
      worker.on('exit', () => {
        if (going && workers.has(worker)) finish(false);
      });
      feed(worker);
    }
  });
}
