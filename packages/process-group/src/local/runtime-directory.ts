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

/** Which directory it is, and who said so: that decides what may be advised. */
export type RuntimeDirectory = {
  readonly path: string;
  /** `usual`: nobody said anything, so it is the toolkit's own. */
  readonly given: 'option' | 'environment' | 'usual';
};

/** As the caller says; or `CHOIR_RUNTIME`, or `choir` in `XDG_RUNTIME_DIR`, or one for this user in the directory for temporary files. */
export function runtimeDirectory(
  option?: string,
  environment: NodeJS.ProcessEnv = process.env,
): RuntimeDirectory {
  const { CHOIR_RUNTIME: given, XDG_RUNTIME_DIR: runtime } = environment;
  if (option !== undefined) return { path: option, given: 'option' };
  if (given !== undefined && given !== '') return { path: given, given: 'environment' };
  const isThere = runtime !== undefined && runtime !== '';
  return { path: isThere ? join(runtime, 'choir') : ownFolder(tmpdir()), given: 'usual' };
}

/**
 * Makes the directory if it is not there.
 *
 * @throws GroupError `group-option` when it cannot be made, or others can read it, or own it
 */
export function openRuntimeDirectory(directory: RuntimeDirectory): void {
  const { path, given } = directory;
  try {
    mkdirSync(path, { mode: ownerOnly });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw refusal(directory, (cause as Error).message, ownFolderText(directory), cause);
    }
  }
  const { uid, mode } = lstatSync(path);
  // It may be anything that somebody else needs: nothing is advised that changes what the toolkit has not made.
  const isOurs = given === 'usual';
  if (!lstatSync(path).isDirectory()) {
    const remove = isOurs ? 'remove it, or ' : '';
    throw refusal(directory, 'it is no directory', remove + ownFolderText(directory));
  }
  const own = process.getuid?.();
  if (own !== undefined && uid !== own) {
    throw refusal(directory, 'it belongs to another user', ownFolderText(directory));
  }
  if (process.platform !== 'win32' && (mode & othersMode) !== 0) {
    const inIt = `${ownFolderText(directory)}, such as ${ownFolder(path)}`;
    const remedy = isOurs ? `chmod 700 ${path}` : inIt;
    throw refusal(directory, 'others than its owner can read it', remedy);
  }
}

export function keyPath(directory: string): string {
  return join(directory, 'key');
}

/** The cluster key of this machine's processes, made by whoever comes first. */
export async function localKeys(directory: string): Promise<readonly ClusterKey[]> {
  const path = keyPath(directory);
  if (!existsSync(path)) makeKey(directory, path);
  return await readKeys(path);
}

/** What goes wrong in the directory, for whoever is to mend it; any other error as it is. */
export function directoryError(directory: RuntimeDirectory, error: unknown): unknown {
  const { code, message = '' } = error as NodeJS.ErrnoException;
  const isOfFiles = typeof code === 'string' && /^(E[A-Z0-9]+|ERR_SQLITE_ERROR)$/.test(code);
  if (!isOfFiles) return error;
  return refusal(directory, message, `make room there, or ${ownFolderText(directory)}`, error);
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

function ownFolder(parent: string): string {
  return join(parent, `choir-${process.getuid?.() ?? 'user'}`);
}

/** In the words of whoever named it. */
function ownFolderText({ given }: RuntimeDirectory): string {
  const name = given === 'option' ? 'give as directory' : 'give in CHOIR_RUNTIME';
  return `${name} a folder of your own, which is made if it is not there`;
}

function refusal(
  { path }: RuntimeDirectory,
  cause: string,
  remedy: string,
  error?: unknown,
): GroupError {
  return new GroupError(
    'group-option',
    `The run-time directory ${path} cannot be used: ${cause}. Mend it: ${remedy}.`,
    { cause: error },
  );
}
