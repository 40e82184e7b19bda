/** `choir token`: signs a token. */
import { subjectProblem, type Verb, verbs, verbsNamed } from '@choir/server';
import type { Given } from '../../arguments/given.ts';
import { nearest } from '../../arguments/nearest.ts';
import { usage } from '../../arguments/values.ts';
import type { ExitCode } from '../../exit-code.ts';
import type { Output } from '../../output/output.ts';
import { withKeys } from './key-failure.ts';

type Grant = { readonly groups: string; readonly verbs: readonly (Verb | '*')[] };

const usualMs = 8 * 3_600_000;

export async function issue(given: Given, output: Output): Promise<ExitCode> {
  const keys = given.text('keys');
  if (keys === undefined) {
    throw usage(
      '--keys is missing: the file with the key that signs.',
      'To make one: choir token make keys.json',
    );
  }
  const subject = given.text('sub');
  if (subject === undefined) throw usage('--sub is missing: whose token it is.');
  const problem = subjectProblem(subject);
  if (problem !== null) throw usage(`--sub: the name ${JSON.stringify(subject)} ${problem}.`);
  const grants = given.list('allow').map(grantOf);
  if (grants.length === 0) {
    throw usage(
      '--allow is missing: what the bearer may do, and where.',
      "Examples: --allow 'team/*:join,broadcast', --allow '*:*'",
    );
  }
  const forMs = given.durationMs('for') ?? usualMs;
  if (forMs < 1_000) throw usage('--for: a token holds for a second or more.');
  const audience = given.text('audience');
  const content = { subject, grants, forMs, ...(audience === undefined ? {} : { audience }) };
  const { issueToken } = await import('@choir/server/tokens');
  const token = await withKeys(issueToken(keys, content));
  output.result({ type: 'token', token, sub: subject, forMs }, token);
  return 'done';
}

function grantOf(text: string): Grant {
  const colon = text.lastIndexOf(':');
  const groups = text.slice(0, Math.max(colon, 0));
  const words = text.slice(colon + 1).split(',');
  if (groups === '' || words.includes('')) {
    throw usage(`--allow: "${text}" is not GROUPS:VERBS.`, "Example: 'team/*:join,broadcast'");
  }
  return { groups, verbs: words.map(verbOf) };
}

function verbOf(word: string): Verb | '*' {
  if (word === '*') return '*';
  const [verb] = verbsNamed(word) ?? [];
  if (verb !== undefined) return verb;
  const near = nearest(word, verbs);
  const hint = near === undefined ? `Verbs: ${verbs.join(', ')}, *` : `Did you mean: ${near}`;
  throw usage(`--allow: there is no verb ${JSON.stringify(word)}.`, hint);
}
