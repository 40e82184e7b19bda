// The closing table of `npm test`.

import { styleText } from 'node:util';
import type { Outcome } from './run-part.ts';

const colours = {
  passed: 'green',
  'over budget': 'yellow',
  failed: 'red',
  stopped: 'red',
} as const;

export function coloured(outcome: Outcome): string {
  // styleText leaves the colour out when standard output is no terminal, and honours NO_COLOR.
  return styleText(colours[outcome.result], outcome.result, { stream: process.stdout });
}

export function table(outcomes: readonly Outcome[]): string {
  const wide = Math.max(4, ...outcomes.map(({ part }) => part.name.length));
  const head = `${'part'.padEnd(wide)}  seconds  budget  result`;
  const rows = outcomes.map((outcome) => {
    const { part, seconds, note } = outcome;
    const used = seconds.toFixed(1).padStart(7);
    const budget = String(part.budgetSeconds).padStart(6);
    const detail = note === '' ? '' : `  ${note}`;
    return `${part.name.padEnd(wide)}  ${used}  ${budget}  ${coloured(outcome)}${detail}`;
  });
  return [head, ...rows].join('\n');
}

export function closingLine(outcomes: readonly Outcome[]): string {
  const failed = outcomes.filter(isFailure).length;
  return `${outcomes.length - failed} passed, ${failed} failed`;
}

export function isFailure({ result }: Outcome): boolean {
  return result === 'failed' || result === 'stopped';
}
