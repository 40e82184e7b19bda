/** What a server, or its data, says when something is wrong with it, a sentence a line. */
import type { ServeError } from '@choir/server';
import type { ExitCode } from '../exit-code.ts';
import { Failure } from '../failure.ts';

export const exitCodeOf: Readonly<Record<ServeError['code'], ExitCode>> = {
  PORT_IN_USE: 'address',
  ADDRESS: 'address',
  KEYS: 'gate',
  CERTIFICATE: 'gate',
  UNGUARDED: 'usage',
  IN_USE: 'data_in_use',
  DAMAGED: 'data_damaged',
  FORMAT: 'data_damaged',
  LOG: 'data_damaged',
  DISK_FULL: 'data_unwritable',
  DISK_ERROR: 'data_unwritable',
  THREAD_ENDED: 'failed',
  CLOSED: 'failed',
};

/** The journal's messages say what to do themselves. */
export function serveFailure({ code, message, remedy }: ServeError, data: string): Failure {
  const sentences = sentencesOf(message);
  switch (code) {
    case 'PORT_IN_USE':
    case 'ADDRESS':
      return new Failure('address', ...sentences, remedy);
    case 'KEYS':
    case 'CERTIFICATE':
    case 'UNGUARDED':
      return new Failure(exitCodeOf[code], ...sentences, remedy);
    case 'LOG':
    case 'CLOSED':
      return new Failure(exitCodeOf[code], ...sentences, `Data directory: ${data}`, remedy);
    case 'DAMAGED':
      return new Failure(exitCodeOf[code], ...sentences, ...salvage(data));
    default: {
      const where = message.includes(data) ? [] : [`Data directory: ${data}`];
      return new Failure(exitCodeOf[code], ...sentences, ...where);
    }
  }
}

/** What to do about a damaged journal, besides restoring a copy. */
export function salvage(data: string): readonly string[] {
  const directory = /^[\w./:@%+-]+$/.test(data) ? data : `'${data.replaceAll("'", "'\\''")}'`;
  return [
    `Data directory: ${data}`,
    `To print what precedes the damage: choir admin export --data ${directory}`,
  ];
}

export function sentencesOf(message: string): readonly string[] {
  return message.split(/(?<=\.) (?=[A-Z])/);
}
