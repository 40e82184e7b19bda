// npm run kill-test -- [--kills 200] [--senders 6]

import { parseArgs } from 'node:util';
import { killRun } from './kill-run.ts';
import { isClean } from './verdict.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    senders: { type: 'string', default: '6' },
  },
});
const started = performance.now();
const verdict = await killRun({
  kills: Number(values.kills),
  senders: Number(values.senders),
  onKill(kills, acknowledged) {
    if (kills % 10 === 0) console.error(`${kills} kills, ${acknowledged} acknowledged`);
  },
});
console.log(`kills                    ${values.kills}`);
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
