// npm run fuzz -- [--frames 1000000] [--attackers 24] [--seed N] [--folder FOLDER]
//
// With a folder the run is logged in FOLDER/log.jsonl, and the same command goes on where it ended.

import { parseArgs } from 'node:util';
import { fuzzRun, growth } from './fuzz-run.ts';

/** More is a leak. */
const growthMax = 1.15;

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    attackers: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
  },
});
const started = performance.now();
const told = await fuzzRun({
  frames: Number(values.frames),
  attackers: Number(values.attackers),
  seed: Number(values.seed),
  stages: 20,
  ...(values.folder === undefined ? {} : { folder: values.folder }),
  onStage({ frames, connections, residentBytes }) {
    const megabytes = (residentBytes / 1e6).toFixed(0);
    console.log(`${frames} frames, ${connections} connections, server ${megabytes} MB`);
  },
});
const grown = growth(told);
console.log(`seed     ${values.seed}`);
console.log(`growth   ${grown?.toFixed(2) ?? 'not judged'} (the last third to the one before)`);
console.log(`seconds  ${((performance.now() - started) / 1000).toFixed(0)}`);
if (grown !== null && grown > growthMax) {
  console.error(`The server grew by more than ${growthMax}.`);
  process.exitCode = 1;
}
