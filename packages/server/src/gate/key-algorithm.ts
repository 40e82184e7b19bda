/**
 * Which algorithm a key is for. The key decides, never the token (A3): a token that says it was signed by
 * another one is not signed by this key.
 */
import type { JWK } from 'jose';

export const algorithms = ['EdDSA', 'ES256', 'RS256', 'HS256'] as const;

export type Algorithm = (typeof algorithms)[number];

/** As short as a secret for HS256 may be (RFC 7518, 3.2). */
const secretBytesMin = 32;

/** The algorithm, or what is wrong with the key, as a sentence. */
export function algorithmOf(
  key: JWK,
): { readonly ok: true; readonly algorithm: Algorithm } | { readonly ok: false; why: string } {
  const algorithm = byType(key);
  if (algorithm === null) {
    return { ok: false, why: `It is of a type (${described(key)}) that is not used here.` };
  }
  if (key.alg !== undefined && key.alg !== algorithm) {
    return { ok: false, why: `It is for ${key.alg}; a key of its type is for ${algorithm}.` };
  }
  if (key.use !== undefined && key.use !== 'sig') {
    return { ok: false, why: 'It is not for signatures ("use").' };
  }
  const why = algorithm === 'HS256' ? secretProblem(key.k ?? '') : null;
  return why === null ? { ok: true, algorithm } : { ok: false, why };
}

/** The key is as somebody wrote it into a file: anything may stand there. */
function secretProblem(secret: unknown): string | null {
  if (typeof secret !== 'string') return 'Its secret is no text.';
  const bytes = Buffer.from(secret, 'base64url').length;
  return bytes < secretBytesMin ? `Its secret is shorter than ${secretBytesMin} bytes.` : null;
}

function byType({ kty, crv }: JWK): Algorithm | null {
  if (kty === 'OKP' && crv === 'Ed25519') return 'EdDSA';
  if (kty === 'EC' && crv === 'P-256') return 'ES256';
  if (kty === 'RSA') return 'RS256';
  return kty === 'oct' ? 'HS256' : null;
}

function described({ kty, crv }: JWK): string {
  return [kty ?? 'none', ...(crv === undefined ? [] : [crv])].join(' ');
}

/** What verifies: of a pair, the public half alone. */
export function verifyingHalf(key: JWK): JWK {
  if (key.kty === 'oct') return key;
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, oth: _oth, ...rest } = key;
  const { key_ops: _ops, ...publicKey } = rest;
  return publicKey;
}
