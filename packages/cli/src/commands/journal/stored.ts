import { checkData, type DataCheck } from '@choir/server';
import { Failure } from '../../failure.ts';
import { serveFailure } from '../server-failure.ts';

/** What is in a data directory; fails where there is nothing to be read. */
export function storedIn(data: string): DataCheck {
  const found = checkData(data);
  if (found === null) {
    throw new Failure(
      'nothing_there',
      `There is no journal in ${data}.`,
      'Name the data directory of a server with --data.',
    );
  }
  const { failure } = found;
  if (failure?.code === 'IN_USE' || failure?.code === 'FORMAT') throw serveFailure(failure, data);
  return found;
}
