/** `choir admin export`: everything that the groups received, as `choir log --json` prints it. */
import { type ServeError, type StoredDelivery, storedDeliveries } from '@choir/server';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import { eventRecord } from '../../output/event-record.ts';
import { Names } from '../../output/names.ts';
import { exitCodeOf, sentencesOf } from '../server-failure.ts';
import { storedIn } from './stored.ts';

/** Written at once; between writes an interruption is heard. */
const chunkCharacters = 256 * 1024;

export async function exportLog(data: string, context: Context): Promise<ExitCode> {
  const found = storedIn(data);
  const stopped = await print(storedDeliveries(data), context);
  const failure = stopped ?? (found.complete ? null : found.failure);
  if (failure === null) return 'done';
  const [what = '', ...more] = sentencesOf(failure.message);
  throw new Failure(
    exitCodeOf[failure.code],
    what,
    ...more,
    printed(Math.min(found.head.seq, (stopped?.seq ?? Number.POSITIVE_INFINITY) - 1)),
    `Data directory: ${data}`,
  );
}

function printed(upTo: number): string {
  if (upTo === 0) return 'Nothing precedes it.';
  return `Everything up to global id ${upTo} was printed.`;
}

async function print(
  deliveries: Generator<StoredDelivery, ServeError | null>,
  { screen, interruption }: Context,
): Promise<ServeError | null> {
  const names = new Map<string, Names>();
  let text = '';
  const write = () => new Promise((resolve) => screen.write(text, resolve));
  try {
    for (let step = deliveries.next(); ; step = deliveries.next()) {
      if (step.done === true) {
        await write();
        return step.value;
      }
      text += linesOf(step.value, names);
      if (text.length < chunkCharacters) continue;
      await write();
      text = '';
      if (interruption.signal.aborted) throw interruption.failure();
    }
  } finally {
    deliveries.return(null);
  }
}

/** Members are called by the names that they have in the group. */
function linesOf({ group, at, time, events }: StoredDelivery, names: Map<string, Names>): string {
  const known = names.get(group) ?? new Names();
  names.set(group, known);
  const place = { group, globalId: at.seq, epoch: at.epoch, time: new Date(time) };
  const lines = events.map((event) => {
    known.before(event);
    const line = JSON.stringify(eventRecord(event, place, known));
    known.after(event);
    if (event.kind === 'group_deleted') names.delete(group);
    return `${line}\n`;
  });
  return lines.join('');
}
