// npm run fuzz -- [OPTION…]: `--help` says more.
import { parseArgs } from 'node:util';
import { fuzzRun, growth } from './fuzz-run.ts';

const helpText = `npm run fuzz -- [OPTION…]

Frames that nobody should send, from many connections, at a real server, while two clients talk to each other. With
--ftmp datagrams instead, at processor groups: npm run fuzz -- --ftmp --help

Options:
  --frames N       how many are sent (default 1000000)
  --attackers N    connections at a time (default 24)
  --seed S         what is sent (default 1)
  --folder FOLDER  logs the run in FOLDER/log.jsonl; the same command goes on where it ended
  --help           this

Exit codes: 0 nothing went wrong · 1 something did, or the server grew
`;

/** More is a leak. */
const growthMax = 1.15;

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    attackers: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(helpText);
  process.exit(0);
}
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
