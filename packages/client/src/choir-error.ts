/** The one error that this package gives to its callers. */
import type { Code, Holder } from '@choir/protocol';
import { type ClientCode, clientCodes } from './session/index.ts';

/** Codes of the protocol (`codes`), of the client (`clientCodes`), and of newer servers. */
export type ErrorCode = Code | ClientCode | (string & {});

/** What this package throws, and what its promises are rejected with. */
export class ChoirError extends Error {
  /** The same for all, as other classes of errors have it. */
  override readonly name = 'ChoirError';
  /** Stable, for programs; `message` is for people. */
  readonly code: ErrorCode;
  /** LOCK_DENIED, LOCKED: who stands in the way, per object. Else empty. */
  readonly holders: readonly Holder[];

  constructor(code: ErrorCode, message: string, options: ErrorDetails = {}) {
    const { holders = [], ...rest } = options;
    super(message, rest);
    this.code = code;
    this.holders = holders;
  }
}

/** With what the code means. */
export function clientError(code: ClientCode, options?: ErrorDetails): ChoirError {
  return new ChoirError(code, clientCodes[code], options);
}

/** What anything that was thrown says. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

export type ErrorDetails = { readonly holders?: readonly Holder[]; readonly cause?: unknown };
