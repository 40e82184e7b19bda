/** `choir admin check`: what is there, and what is wrong with it. */
import type { ExitCode } from '../../exit-code.ts';
import type { Output } from '../../output/output.ts';
import { serveFailure } from '../server-failure.ts';
import { storedIn } from './stored.ts';

export function check(data: string, output: Output): ExitCode {
  const { first, head, complete, failure } = storedIn(data);
  const span = head.seq === 0 ? 'none' : `global ids ${first} to ${head.seq}, epoch ${head.epoch}`;
  const damage = failure === null ? 'none' : `at ${failure.seq ?? 'an unknown position'}`;
  const record = {
    type: 'journal',
    status: failure === null ? 'whole' : 'damaged',
    data,
    first,
    globalId: head.seq,
    epoch: head.epoch,
    complete,
    damagedAt: failure?.seq ?? undefined,
  };
  const lines = [
    data,
    `  whole entries  ${span}`,
    `  complete       ${complete ? 'yes, all that was acknowledged' : 'no'}`,
    `  damage         ${damage}`,
  ];
  output.result(record, lines.join('\n'));
  if (failure !== null) throw serveFailure(failure, data);
  return 'done';
}
