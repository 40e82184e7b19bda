import { expect } from 'vitest';
import { type Code, type Decoded, limits } from '../src/index.ts';

/** The codes that decoding can give; every other code is decided later. */
const decodingCodes: readonly Code[] = ['MALFORMED', 'TOO_LARGE', 'BAD_NAME'];

/** A refusal is typed, says where, and fits the field of `goodbye` that carries it. */
export function expectRefusal(decoded: Decoded<unknown>): void {
  if (decoded.ok) throw new Error('it was taken');
  const { code, message } = decoded.refusal;
  expect(decodingCodes).toContain(code);
  expect(message).toMatch(/frame/);
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(limits.explanationBytes);
}

export function codeOf(decoded: Decoded<unknown>): Code | 'taken' {
  return decoded.ok ? 'taken' : decoded.refusal.code;
}
