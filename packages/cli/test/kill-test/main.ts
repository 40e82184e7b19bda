// npm run kill-test -- [--kills 200] [--senders 6] [--power]

import { parseArgs } from 'node:util';
import { processKill } from './disaster.ts';
import { killRun } from './kill-run.ts';
import { powerLoss, whyNoPowerLoss } from './power-loss.ts';
import { isClean } from './verdict.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    senders: { type: 'string', default: '6' },
    /** The machine loses its power instead: needs root. */
    power: { type: 'boolean', default: false },
  },
});
const why = values.power ? whyNoPowerLoss() : null;
if (why !== null) {
  console.error(`The power cannot be cut here: ${why}.`);
  process.exit(1);
}
const what = values.power ? 'losses of power' : 'kills';
const started = performance.now();
const verdict = await killRun({
  kills: Number(values.kills),
  senders: Number(values.senders),
  disaster: values.power ? powerLoss : processKill,
  onKill(kills, acknowledged) {
    if (kills % 10 === 0) console.error(`${kills} ${what}, ${acknowledged} acknowledged`);
  },
});
console.log(`${what.padEnd(25)}${values.kills}`);
console.log(`senders                  ${values.senders}`);
console.log(`messages handed over     ${verdict.sent}`);
console.log(`acknowledged             ${verdict.acknowledged}`);
console.log(`in the log               ${verdict.inLog}`);
console.log(`acknowledged and lost    ${verdict.lost.length}`);
console.log(`doubled                  ${verdict.doubled.length}`);
console.log(`global ids reused        ${verdict.reused.length}`);
console.log(`never acknowledged       ${verdict.unacknowledged}`);
console.log(`seconds                  ${((performance.now() - started) / 1000).toFixed(0)}`);
if (!isClean(verdict)) process.exitCode = 1;
