// A run in a thread of its own, which cannot hang for ever: whatever keeps it busy is told, and it is ended.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FuzzPlan, FuzzResult } from './fuzz-run.ts';
import { listed, Recent } from './recent.ts';

export type RunStart = {
  readonly datagrams: number;
  readonly seed: number;
  readonly memory: SharedArrayBuffer;
};

export type FromRun =
  | { readonly kind: 'stage'; readonly datagrams: number; readonly heapBytes: number }
  | { readonly kind: 'result'; readonly result: FuzzResult };

const lookMs = 1_000;
/** A datagram, and a millisecond of a group, take far less, on a machine that is busy, too. */
const silenceMostMs = 15_000;

export async function watchedRun({ datagrams, seed, onStage }: FuzzPlan): Promise<FuzzResult> {
  const recent = new Recent();
  const start: RunStart = { datagrams, seed, memory: recent.memory };
  const thread = new Worker(new URL('./fuzz-thread.ts', import.meta.url), { workerData: start });
  let result: FuzzResult | null = null;
  let problem: string | null = null;
  thread.on('message', (told: FromRun) => {
    if (told.kind === 'result') result = told.result;
    else onStage?.(told.datagrams, told.heapBytes);
  });
  thread.on('error', (error) => {
    problem ??= `the run broke: ${(error as Error).stack}`;
  });
  let signs = recent.signs;
  let silentMs = 0;
  const look = setInterval(() => {
    silentMs = signs === recent.signs ? silentMs + lookMs : 0;
    signs = recent.signs;
    if (silentMs < silenceMostMs) return;
    problem ??= `a processor has been busy with the last of these for ${silenceMostMs} ms`;
    void thread.terminate();
  }, lookMs);
  await once(thread, 'exit');
  clearInterval(look);
  return result ?? broken({ datagrams, seed }, `${problem}\n${listed(recent.all)}`);
}

/** Of a run that told nothing else. */
function broken({ datagrams, seed }: FuzzPlan, problem: string): FuzzResult {
  const counts = { attacks: new Map(), refused: new Map(), broken: 0, came: 0, heapBytes: [] };
  return { seed, datagrams, failures: [problem], ...counts };
}
