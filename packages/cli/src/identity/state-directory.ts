import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where `choir` keeps what outlives a run, unless told otherwise: identities and server data. */
export function stateDirectory(environment: NodeJS.ProcessEnv): string {
  const own = environment['CHOIR_STATE'];
  if (own !== undefined && own !== '') return own;
  const xdg = environment['XDG_STATE_HOME'];
  // The specification has relative paths ignored.
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'choir');
  return join(homedir(), '.local', 'state', 'choir');
}
