/** The token to show to a server: from a file, the command line or the environment. */
import { readFileSync } from 'node:fs';
import type { TokenSource } from '@choir/client';
import type { Given } from '../arguments/given.ts';
import { usage } from '../arguments/values.ts';

/** Undefined when there is none. A file is read for every connection, so that it may be renewed. */
export function tokenSource(given: Given, environment: NodeJS.ProcessEnv): TokenSource | undefined {
  const file = given.text('token-file');
  const typed = given.text('token');
  if (file !== undefined && typed !== undefined) {
    throw usage('--token and --token-file: only one of them.');
  }
  if (file !== undefined) {
    // What cannot be read now is a mistake; later it may be on its way.
    tokenIn(file);
    return () => tokenIn(file);
  }
  if (typed !== undefined) return tokenOf('--token', typed);
  const set = environment['CHOIR_TOKEN'] ?? '';
  return set === '' ? undefined : tokenOf('CHOIR_TOKEN', set);
}

function tokenIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw usage(`The token cannot be read: ${(error as Error).message}.`);
  }
  return tokenOf(file, text);
}

function tokenOf(place: string, text: string): string {
  const token = text.trim();
  if (/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return token;
  throw usage(
    `${place}: this is no token; one has three parts with dots between.`,
    'To make one: choir help token',
  );
}
