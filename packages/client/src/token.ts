/** Tokens of the application: for a server that asks on whose behalf its clients act. */
import { limits } from '@choir/protocol';
import { ChoirError } from './choir-error.ts';

/** A token, or what gives one that holds now: it is asked before each connection, and before one expires. */
export type TokenSource = string | (() => string | Promise<string>);

/** @throws TOKEN, and whatever the source throws */
export async function tokenOf(source: TokenSource | null): Promise<string> {
  const token = typeof source === 'function' ? await source() : (source ?? '');
  checkToken(token);
  return token;
}

/** @throws TOKEN */
export function checkToken(token: string): void {
  // ASCII, by its definition (RFC 7515): as many bytes as characters.
  if (/^[\w.~+/=-]+$/.test(token) && token.length <= limits.tokenBytes) return;
  const what = `A token has 1 to ${limits.tokenBytes} characters of A–Z, a–z, 0–9 and "-._~+/=".`;
  throw new ChoirError('TOKEN', what);
}
