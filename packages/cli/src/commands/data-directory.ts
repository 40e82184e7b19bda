import { join, resolve } from 'node:path';
import type { Given } from '../arguments/given.ts';
import type { OptionTable } from '../arguments/option.ts';
import { stateDirectory } from '../identity/state-directory.ts';

export const dataOption: OptionTable = {
  data: {
    short: 'd',
    value: 'DIR',
    help: 'Where the groups are kept (default: server/ in the state directory).',
  },
};

export function dataDirectory(given: Given, environment: NodeJS.ProcessEnv): string {
  return resolve(given.text('data') ?? defaultDataDirectory(environment));
}

export function defaultDataDirectory(environment: NodeJS.ProcessEnv): string {
  return join(stateDirectory(environment), 'server');
}
