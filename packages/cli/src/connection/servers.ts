import type { Given } from '../arguments/given.ts';
import { serverUrl } from '../arguments/values.ts';

const defaultServer = 'ws://127.0.0.1:7400';

/** The servers to try: of the command line, else of the environment, else the one of this machine. */
export function serversOf(given: Given, environment: NodeJS.ProcessEnv): readonly string[] {
  const named = given.list('server').map((text) => serverUrl('--server', text));
  if (named.length > 0) return named;
  const listed = (environment['CHOIR_SERVER'] ?? '').split(/[\s,]+/).filter((text) => text !== '');
  return listed.length > 0
    ? listed.map((text) => serverUrl('CHOIR_SERVER', text))
    : [defaultServer];
}
