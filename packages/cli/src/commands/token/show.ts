/** `choir token show`: what a token says, and with the keys whether it holds. */
import { text as textOf } from 'node:stream/consumers';
import type { Given } from '../../arguments/given.ts';
import { usage } from '../../arguments/values.ts';
import type { Context } from '../../context.ts';
import type { ExitCode } from '../../exit-code.ts';
import { Failure } from '../../failure.ts';
import { printable } from '../../output/printable.ts';
import { withKeys } from './key-failure.ts';

export async function show(
  word: string | undefined,
  given: Given,
  { input, output }: Context,
): Promise<ExitCode> {
  if (word === undefined && input.isTTY)
    throw usage('TOKEN is missing; or: choir token show < FILE');
  const token = (word ?? (await textOf(input))).trim();
  const { TokenVerifier, unverified } = await import('@choir/server/tokens');
  const content = unverified(token);
  if (content === null) {
    throw new Failure(
      'usage',
      'This is no token.',
      'One is made by: choir token (choir help token)',
    );
  }
  const keysFile = given.text('keys');
  const audience = given.text('audience') ?? null;
  const verdict =
    keysFile === undefined
      ? null
      : await withKeys(TokenVerifier.open({ keysFile, audience }, () => undefined)).then((keys) =>
          keys.verify(token),
        );
  const holds = verdict === null ? null : verdict.ok;
  const { header, payload } = content;
  const told = verdict === null ? 'not verified (name the keys with --keys)' : toldOf(verdict);
  const lines = [
    ...Object.entries(payload).map(([name, value]) => `${name.padEnd(8)}  ${shown(name, value)}`),
    `${'signed'.padEnd(8)}  ${shown('alg', header['alg'])}, ${told}`,
  ];
  output.result({ type: 'claims', header, payload, holds }, lines.join('\n'));
  return holds === false ? 'refused' : 'done';
}

function toldOf(verdict: { readonly ok: boolean; readonly message?: string }): string {
  return verdict.ok ? 'and it holds' : `and it does not hold: ${verdict.message}`;
}

const times = new Set(['exp', 'nbf', 'iat']);
const latest = 8_640_000_000_000;

function shown(name: string, value: unknown): string {
  if (times.has(name) && typeof value === 'number' && Math.abs(value) <= latest) {
    return new Date(value * 1_000).toISOString();
  }
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}
