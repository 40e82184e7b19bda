/** `--retain GROUPS=KEPT`: how much of the logs of groups is kept (docs/operations.md, "Retention"). */
import { parseGroupName } from '@choir/protocol';
import type { RetentionRule } from '@choir/server';
import type { Given } from '../arguments/given.ts';
import type { OptionTable } from '../arguments/option.ts';
import { usage, wholeNumber } from '../arguments/values.ts';

export const retentionOption: OptionTable = {
  retain: {
    value: 'GROUPS=KEPT',
    repeatable: true,
    help:
      'How much of the logs of these groups is kept: so many entries, those of so long, or both ' +
      "('chat/*=10000+30d'); the first that names a group holds (default: everything).",
  },
};

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 } as const;

export function retentionRules(given: Given): readonly RetentionRule[] {
  const what = given.place('retain');
  return given.list('retain').map((text) => ruleGiven(what, text));
}

function ruleGiven(what: string, text: string): RetentionRule {
  const [, groups = '', kept = ''] = /^([^=]*)=([^=]*)$/.exec(text) ?? [];
  const limits = kept.split('+').map((one) => limitGiven(what, one));
  const [first, second] = limits;
  if (!isPattern(groups) || first === undefined || first === null || second === null) {
    throw notUnderstood(what, text);
  }
  const isTwice = second !== undefined && Object.keys(first)[0] === Object.keys(second)[0];
  if (limits.length > 2 || isTwice) throw notUnderstood(what, text);
  return { groups, ...first, ...second };
}

type Limit = { readonly entries: number } | { readonly ageMs: number };

function limitGiven(what: string, text: string): Limit | null {
  const [, digits, unit] = /^(\d+)([dhms]?)$/.exec(text) ?? [];
  if (digits === undefined) return null;
  const amount = wholeNumber(what, digits, { min: 1, max: 1e9 });
  return unit === ''
    ? { entries: amount }
    : { ageMs: amount * unitMs[unit as keyof typeof unitMs] };
}

/** A name, the beginning of names and `*`, or `*` alone. */
function isPattern(text: string): boolean {
  if (!text.endsWith('*')) return parseGroupName(text) !== null;
  const beginning = text.slice(0, -1);
  return beginning === '' || parseGroupName(beginning.replace(/\/$/, '')) !== null;
}

function notUnderstood(what: string, text: string): Error {
  return usage(
    `${what}: ${JSON.stringify(text)} does not say which groups keep how much.`,
    "Examples: '*=30d', 'chat/*=10000', 'team/board=5000+90d' (entries, and s, m, h or d)",
  );
}
