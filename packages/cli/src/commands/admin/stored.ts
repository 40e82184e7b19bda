import { checkData, type DataCheck, type ServeError } from '@choir/server';
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
  const { failure, head } = found;
  if (failure === null || failure.code === 'DAMAGED') return found;
  // A disk that fails halfway still leaves something to be printed.
  if (failure.code === 'DISK_ERROR' && head.seq > 0) return found;
  throw unreadable(failure, data);
}

function unreadable(failure: ServeError, data: string): Failure {
  const told = serveFailure(failure, data);
  if (failure.code !== 'DISK_ERROR') return told;
  const copy = 'Of a directory that cannot be written to, make a copy and name that.';
  return new Failure(told.code, ...told.message.split('\n'), copy);
}
