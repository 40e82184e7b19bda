/**
 * What a token says once its signature, times and audience hold: who it is, and what is granted
 * (docs/design/gate.md, "Tokens").
 */
import { limits } from '@choir/protocol';
import { type Grant, type Verb, verbs } from '../host/index.ts';

export type Claims = { readonly subject: string; readonly grants: readonly Grant[] };

export type JudgedClaims =
  | { readonly ok: true; readonly claims: Claims }
  | { readonly ok: false; readonly why: string };

/** They hide, or turn the direction of what follows, in whatever the subject is shown. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export function claimsOf(payload: { readonly [name: string]: unknown }): JudgedClaims {
  const subject = payload['sub'];
  if (typeof subject !== 'string') return refused('The token names no subject ("sub").');
  const problem = subjectProblem(subject);
  if (problem !== null) return refused(`The subject of the token ${problem}.`);
  const listed = payload['choir'] ?? [];
  if (!Array.isArray(listed)) return refused('The claim "choir" of the token is no list.');
  const grants: Grant[] = [];
  for (const each of listed) {
    const grant = grantOf(each);
    if (typeof grant === 'string') return refused(`A grant of the token ${grant}.`);
    grants.push(grant);
  }
  return { ok: true, claims: { subject, grants } };
}

/** What is wrong with a subject; null when nothing is. */
export function subjectProblem(subject: string): string | null {
  if (subject === '') return 'is empty';
  if (Buffer.byteLength(subject) > limits.subjectBytes) {
    return `is longer than ${limits.subjectBytes} bytes`;
  }
  return unprintable.test(subject) ? 'contains a control or invisible character' : null;
}

/** The verbs that a word stands for; null when it is none. */
export function verbsNamed(word: unknown): readonly Verb[] | null {
  if (word === '*') return verbs;
  return verbs.filter((verb) => verb === word).length === 1 ? [word as Verb] : null;
}

/** The grant, or what is wrong with it. */
function grantOf(value: unknown): Grant | string {
  if (typeof value !== 'object' || value === null) return 'is no object';
  const groups = 'groups' in value ? value.groups : undefined;
  if (typeof groups !== 'string' || groups === '') return 'names no groups';
  const words = 'verbs' in value ? value.verbs : undefined;
  if (!Array.isArray(words)) return 'has no list of verbs';
  const named: Verb[] = [];
  for (const word of words) {
    const stood = verbsNamed(word);
    if (stood === null) return `has a verb that does not exist: ${shown(word)}`;
    named.push(...stood);
  }
  return { groups, verbs: named };
}

const shownMax = 40;

function shown(word: unknown): string {
  return (JSON.stringify(word) ?? 'none').slice(0, shownMax);
}

function refused(why: string): JudgedClaims {
  return { ok: false, why };
}
