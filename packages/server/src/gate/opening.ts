/** What the gate needs at the start of a server: whether it may stand there at all, and its keys. */
import type { Verdict } from '../host/index.ts';
import type { Verify } from '../host-driver.ts';
import { keysError } from '../serve-error.ts';
import type { TlsFiles } from './certificate.ts';
import type { CrowdLimits } from './crowd.ts';
import { KeyFileError } from './key-file-error.ts';
import type { TokenSettings } from './token-settings.ts';

export type GateOptions = {
  /** With keys nobody comes in without a token; without, everybody on this machine. */
  readonly tokens?: TokenSettings | undefined;
  readonly tls?: TlsFiles | undefined;
  /** A proxy that the operator vouches for ends TLS and names the addresses of clients. */
  readonly behindProxy?: boolean | undefined;
  /** Origins, beside the server's own, whose pages may connect. */
  readonly origins?: readonly string[] | undefined;
  /** How many connections one address may have; this machine is not limited unless it is said. */
  readonly crowd?: Partial<CrowdLimits> | undefined;
  readonly limitsThisMachine?: boolean | undefined;
};

const takesNoTokens = async (): Promise<Verdict> => {
  return { ok: false, expired: false, message: 'This server takes no tokens.' };
};

/** Rejects with a `ServeError`. `notice` is told what becomes of the keys later. */
export async function verifierOf(
  tokens: TokenSettings | undefined,
  notice: (text: string) => void,
): Promise<Verify> {
  if (tokens === undefined) return takesNoTokens;
  const { TokenVerifier } = await import('./token-verifier.ts');
  try {
    const verifier = await TokenVerifier.open(tokens, notice);
    return (token) => verifier.verify(token);
  } catch (error) {
    throw error instanceof KeyFileError ? keysError(error) : error;
  }
}
