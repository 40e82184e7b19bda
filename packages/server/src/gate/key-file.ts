/** Files with keys: a JSON Web Key, or a set of them (RFC 7517). */
import { readFile } from 'node:fs/promises';
import { type CryptoKey, importJWK, type JWK } from 'jose';
import { type Algorithm, algorithmOf, verifyingHalf } from './key-algorithm.ts';
import { KeyFileError } from './key-file-error.ts';

export type TokenKey = {
  /** Null: for tokens that name any key, or none. */
  readonly id: string | null;
  readonly algorithm: Algorithm;
  readonly verifying: CryptoKey | Uint8Array;
};

/** Keys that are tried for one token, at most. */
const keysMax = 32;

/** The keys of a file as they stand there; the first one signs. */
export async function readJwks(file: string): Promise<readonly JWK[]> {
  const text = await textOf(file);
  const keys = keysIn(parsed(text));
  if (keys === null || keys.length === 0) {
    throw new KeyFileError(
      `${file} holds no JSON Web Key.`,
      'Make a file with keys: choir token make FILE',
    );
  }
  if (keys.length > keysMax) {
    throw new KeyFileError(
      `${file} holds ${keys.length} keys, more than the ${keysMax} that are tried.`,
      'Remove those that sign no longer.',
    );
  }
  return keys;
}

/** The keys of a file, ready to verify with. */
export async function readTokenKeys(file: string): Promise<readonly TokenKey[]> {
  const keys = await readJwks(file);
  return Promise.all(keys.map((key, index) => imported(key, `Key ${index + 1} of ${file}`)));
}

async function imported(key: JWK, what: string): Promise<TokenKey> {
  const judged = algorithmOf(key);
  const remedy = `A key is for EdDSA, ES256, RS256 or HS256. Make one: choir token make FILE`;
  if (!judged.ok) throw new KeyFileError(`${what} cannot be used. ${judged.why}`, remedy);
  const { algorithm } = judged;
  try {
    const verifying = await importJWK(verifyingHalf(key), algorithm);
    return { id: key.kid ?? null, algorithm, verifying };
  } catch (error) {
    throw new KeyFileError(`${what} is not whole.`, remedy, error);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { message } = error as NodeJS.ErrnoException;
    throw new KeyFileError(
      `The keys cannot be read: ${message}.`,
      'Name a file that the server may read, or make one: choir token make FILE',
      error,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function keysIn(value: unknown): readonly JWK[] | null {
  if (typeof value !== 'object' || value === null) return null;
  if ('keys' in value) {
    return Array.isArray(value.keys) && value.keys.every(isKey) ? value.keys : null;
  }
  return isKey(value) ? [value] : null;
}

function isKey(value: unknown): value is JWK {
  return typeof value === 'object' && value !== null && 'kty' in value;
}
