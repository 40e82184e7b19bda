import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Failure } from '../failure.ts';

/** Where `choir` keeps what outlives a run, unless told otherwise: identities and server data. */
export function stateDirectory(environment: NodeJS.ProcessEnv): string {
  const own = environment['CHOIR_STATE'];
  if (own !== undefined && own !== '') return own;
  const xdg = environment['XDG_STATE_HOME'];
  // The specification has relative paths ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'choir');
  return join(home(), '.local', 'state', 'choir');
}

/** A service may run as a user whom the system does not know. */
function home(): string {
  try {
    return homedir();
  } catch {
    throw new Failure(
      'usage',
      'This user has no home directory, so there is no state directory.',
      'Set CHOIR_STATE, or name what is needed: choir serve --data DIR',
    );
  }
}
