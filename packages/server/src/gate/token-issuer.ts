/** Makes keys and tokens: for operators, tests, and applications that have no issuer of their own. */
import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  generateSecret,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose';
import type { Verb } from '../host/index.ts';
import { type Algorithm, algorithmOf, verifyingHalf } from './key-algorithm.ts';
import { readJwks } from './key-file.ts';
import { KeyFileError } from './key-file-error.ts';

export type KeyPair = {
  /** Signs, and verifies. */
  readonly secret: JWK;
  /** Verifies alone; null where one secret does both (HS256). */
  readonly public: JWK | null;
};

export async function makeKeys(algorithm: Algorithm): Promise<KeyPair> {
  const made = await generated(algorithm);
  const kid = await calculateJwkThumbprint(made);
  const secret = { ...made, kid, alg: algorithm, use: 'sig' };
  return { secret, public: algorithm === 'HS256' ? null : verifyingHalf(secret) };
}

async function generated(algorithm: Algorithm): Promise<JWK> {
  if (algorithm === 'HS256') return exportJWK(await generateSecret('HS256', { extractable: true }));
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return exportJWK(privateKey);
}

export type TokenContent = {
  readonly subject: string;
  readonly grants: readonly { readonly groups: string; readonly verbs: readonly (Verb | '*')[] }[];
  readonly forMs: number;
  readonly audience?: string;
};

/** A token, signed by the first key of a file. Rejects with a `KeyFileError`. */
export async function issueToken(keysFile: string, content: TokenContent): Promise<string> {
  const [key] = await readJwks(keysFile);
  const judged = key === undefined ? null : algorithmOf(key);
  if (key === undefined || judged?.ok !== true) {
    const why = judged === null || judged.ok ? '' : ` ${judged.why}`;
    throw new KeyFileError(
      `The first key of ${keysFile} cannot be used.${why}`,
      'Make one: choir token make FILE',
    );
  }
  if (key.kty !== 'oct' && key.d === undefined) {
    throw new KeyFileError(
      `The first key of ${keysFile} is public: it verifies tokens and signs none.`,
      'Name the file with the secret half.',
    );
  }
  const { subject, grants, forMs, audience } = content;
  const now = Math.floor(Date.now() / 1_000);
  const token = new SignJWT({ choir: grants })
    .setProtectedHeader({
      alg: judged.algorithm,
      typ: 'JWT',
      ...(key.kid === undefined ? {} : { kid: key.kid }),
    })
    .setSubject(subject)
    .setIssuedAt(now)
    .setExpirationTime(now + Math.ceil(forMs / 1_000));
  if (audience !== undefined) token.setAudience(audience);
  return token.sign(await importJWK(key, judged.algorithm));
}

export type TokenParts = {
  readonly header: { readonly [name: string]: unknown };
  readonly payload: { readonly [name: string]: unknown };
};

/** What a token says of itself, for people to look at; nothing may follow from it. Null when it is none. */
export function unverified(token: string): TokenParts | null {
  try {
    return { header: decodeProtectedHeader(token), payload: decodeJwt(token) };
  } catch {
    return null;
  }
}
