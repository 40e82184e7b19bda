/**
 * Verifies tokens with the keys of a file, which is read again when it has changed.
 *
 * Boundary: says what a token is; what follows from it is the host's (`credentials.ts`).
 */
import { stat } from 'node:fs/promises';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Verdict } from '../host/index.ts';
import { claimsOf } from './claims.ts';
import { readTokenKeys, type TokenKey } from './key-file.ts';
import { KeyFileError } from './key-file-error.ts';
import type { TokenSettings } from './token-settings.ts';

/** How much the clocks of the issuer and of the server may differ. */
const toleranceMs = 10_000;
/** How often at most it is looked whether the keys have changed. */
const freshMs = 1_000;

const unsigned = 'The token is not signed by a key of this server.';

type Notice = (text: string) => void;

export class TokenVerifier {
  readonly #settings: TokenSettings;
  readonly #notice: Notice;
  #keys: readonly TokenKey[];
  #state: string;
  readonly #now: () => number;
  #lookedAt: number;
  #looking: Promise<void> | null = null;

  private constructor(
    settings: TokenSettings,
    notice: Notice,
    first: { readonly keys: readonly TokenKey[]; readonly state: string; now: () => number },
  ) {
    this.#settings = settings;
    this.#notice = notice;
    this.#keys = first.keys;
    this.#state = first.state;
    this.#now = first.now;
    this.#lookedAt = first.now();
  }

  /** Rejects with a `KeyFileError`. `notice` tells the operator of keys that cannot be used later. */
  static async open(
    settings: TokenSettings,
    notice: Notice,
    now: () => number = () => performance.now(),
  ): Promise<TokenVerifier> {
    const state = await stateOf(settings.keysFile);
    const keys = await readTokenKeys(settings.keysFile);
    return new TokenVerifier(settings, notice, { keys, state, now });
  }

  async verify(token: string): Promise<Verdict> {
    await this.#look();
    try {
      return await this.#verify(token);
    } catch (error) {
      const expired = error instanceof errors.JWTExpired;
      return { ok: false, expired, message: reasonOf(error) };
    }
  }

  async #verify(token: string): Promise<Verdict> {
    const { audience } = this.#settings;
    const payload = await this.#payload(token);
    if (audience === null && payload.aud !== undefined) {
      return unfit('The token is for an audience; this server has no such name.');
    }
    const judged = claimsOf(payload);
    if (!judged.ok) return unfit(judged.why);
    const endsInMs = (payload.exp ?? 0) * 1_000 + toleranceMs - Date.now();
    const expiresInMs = Math.min(Math.max(endsInMs, 0), Number.MAX_SAFE_INTEGER);
    return { ok: true, ...judged.claims, expiresInMs };
  }

  /** What the token says; throws unless one of the keys signed it and it holds now. */
  async #payload(token: string): Promise<JWTPayload> {
    const { audience } = this.#settings;
    const { alg, kid } = decodeProtectedHeader(token);
    for (const { id, algorithm, verifying } of this.#keys) {
      if (algorithm !== alg || (kid !== undefined && id !== null && kid !== id)) continue;
      try {
        const { payload } = await jwtVerify(token, verifying, {
          algorithms: [algorithm],
          clockTolerance: toleranceMs / 1_000,
          requiredClaims: ['sub', 'exp'],
          ...(audience === null ? {} : { audience }),
        });
        return payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }

  /** Reads the keys again when the file has changed; keeps the old ones when that fails. */
  async #look(): Promise<void> {
    if (this.#now() - this.#lookedAt >= freshMs) {
      this.#looking ??= this.#reread().finally(() => {
        this.#looking = null;
        this.#lookedAt = this.#now();
      });
    }
    await this.#looking;
  }

  async #reread(): Promise<void> {
    const { keysFile } = this.#settings;
    try {
      const state = await stateOf(keysFile);
      if (state === this.#state) return;
      this.#state = state;
      this.#keys = await readTokenKeys(keysFile);
      this.#notice(`The keys of ${keysFile} were read again.`);
    } catch (error) {
      if (!(error instanceof KeyFileError)) throw error;
      this.#notice(`${error.message} The older keys stay in use. ${error.remedy}`);
    }
  }
}

function unfit(message: string): Verdict {
  return { ok: false, expired: false, message };
}

/** Differs when the file was written or replaced. */
async function stateOf(file: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'unreadable';
  }
}

/** Why a token does not hold, for the client that showed it. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWSSignatureVerificationFailed) return unsigned;
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    if (claim === 'nbf' && reason === 'check_failed') return 'The token is not valid yet.';
    if (claim === 'aud') return 'The token is for another audience.';
    return `The claim "${claim}" of the token is missing or malformed.`;
  }
  return 'The token is no JSON Web Token that is understood here.';
}
