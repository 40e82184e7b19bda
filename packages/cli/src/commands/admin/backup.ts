/** `choir admin backup`: by the server that has the data, else by this process. */
import { resolve } from 'node:path';
import { askOperator, backUpData } from '@choir/server';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { serveFailure } from '../server-failure.ts';
import { operatorRefusal } from './refusal.ts';
import { storedIn } from './stored.ts';

export async function backUp(data: string, to: string, { output }: Context): Promise<ExitCode> {
  const directory = resolve(to);
  const reply = await askOperator(data, { kind: 'backup', to: directory });
  if (reply?.kind === 'refused') throw operatorRefusal(reply);
  if (reply === null) await copy(data, directory);
  // What cannot be opened is no backup.
  const { head } = storedIn(directory);
  const record = { type: 'backup', data, to: directory, globalId: head.seq, epoch: head.epoch };
  output.result(record, `${directory}: everything up to global id ${head.seq}, checked`);
  return 'done';
}

async function copy(data: string, directory: string): Promise<void> {
  const { failure: damage } = storedIn(data);
  if (damage !== null) throw serveFailure(damage, data);
  const failure = await backUpData(data, directory);
  if (failure !== null) throw serveFailure(failure, directory);
}
