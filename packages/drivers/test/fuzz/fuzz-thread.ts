// The thread of a run that is watched.
import { parentPort, workerData } from 'node:worker_threads';
import { fuzzRun } from './fuzz-run.ts';
import { Recent } from './recent.ts';
import type { FromRun, RunStart } from './watched-run.ts';

const { datagrams, seed, memory } = workerData as RunStart;

function tell(told: FromRun): void {
  parentPort?.postMessage(told);
}

const onStage = (thrown: number, heapBytes: number): void => {
  tell({ kind: 'stage', datagrams: thrown, heapBytes });
};
const result = fuzzRun({ datagrams, seed, onStage, recent: new Recent(memory) });
tell({ kind: 'result', result });
