/**
 * The private directory through which processes of one user on one machine find each other: it holds their cluster key, and for each group who
 * is in it. Whoever can read it can join.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterKey, readKeys } from '@choir/drivers';
import { GroupError } from '../group-error.ts';

const ownerOnly = 0o700;
const othersMode = 0o077;

/** `CHOIR_RUNTIME`, or `choir` in `XDG_RUNTIME_DIR`, or one for this user in the directory for temporary files. */
export function runtimeDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  const { CHOIR_RUNTIME: given, XDG_RUNTIME_DIR: runtime } = environment;
  if (given !== undefined && given !== '') return given;
  if (runtime !== undefined && runtime !== '') return join(runtime, 'choir');
  return join(tmpdir(), `choir-${process.getuid?.() ?? 'user'}`);
}

/**
 * Makes the directory if it is not there.
 *
 * @throws GroupError `group-option` when it cannot be made, or others can read it, or own it
 */
export function openRuntimeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: ownerOnly });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST')
      throw refusal(path, (cause as Error).message, 'choose another one by CHOIR_RUNTIME', cause);
  }
  const { uid, mode } = lstatSync(path);
  if (!lstatSync(path).isDirectory()) {
    throw refusal(path, 'it is no directory', 'remove it, or choose another one by CHOIR_RUNTIME');
  }
  const own = process.getuid?.();
  if (own !== undefined && uid !== own) {
    throw refusal(path, 'it belongs to another user', 'choose another one by CHOIR_RUNTIME');
  }
  if (process.platform !== 'win32' && (mode & othersMode) !== 0) {
    throw refusal(path, 'others than its owner can read it', `chmod 700 ${path}`);
  }
}

/** The cluster key of this machine's processes, made by whoever comes first. */
export async function localKeys(directory: string): Promise<readonly ClusterKey[]> {
  const path = join(directory, 'key');
  if (!existsSync(path)) makeKey(directory, path);
  return await readKeys(path);
}

/** What goes wrong in the directory, for whoever is to mend it; any other error as it is. */
export function directoryError(path: string, error: unknown): unknown {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  const isOfFiles = typeof code === 'string' && /^(E[A-Z0-9]+|ERR_SQLITE_ERROR)$/.test(code);
  if (!isOfFiles) return error;
  return refusal(path, message, 'make room there, or choose another one by CHOIR_RUNTIME', error);
}

function makeKey(directory: string, path: string): void {
  const fresh = join(directory, `.key-${randomBytes(8).toString('hex')}`);
  try {
    writeFileSync(fresh, `1 ${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    // Fails when there is one: of several who come at once one makes it.
    linkSync(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
}

function refusal(path: string, cause: string, remedy: string, error?: unknown): GroupError {
  return new GroupError(
    'group-option',
    `The run-time directory ${path} cannot be used: ${cause}. Mend it: ${remedy}.`,
    { cause: error },
  );
}
