import type { OperatorReply } from '@choir/server';
import { Failure } from '../../failure.ts';
import { printable } from '../../output/printable.ts';
import { sentencesOf } from '../server-failure.ts';

/** What a running server refused through its socket. */
export function operatorRefusal({
  code,
  message,
}: Extract<OperatorReply, { kind: 'refused' }>): Failure {
  const [what = '', ...more] = sentencesOf(printable(message));
  return new Failure('refused', `${code}: ${what}`, ...more);
}
