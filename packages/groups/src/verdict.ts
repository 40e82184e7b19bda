/** Verdicts: what a submission is told. Refusals are outcomes, never exceptions. */
import type { Code, Holder } from '@choir/protocol';
import type { Result } from './effect.ts';

export type Verdict = Result;

export const ok: Verdict = { kind: 'ok' };

export function refuse(code: Code, message: string, holders: readonly Holder[] = []): Verdict {
  return { kind: 'refused', code, message, holders };
}
