/** What is printed about a run. */
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import type { Distribution, Outcome, Suite, Tally } from '../index.ts';

const violationsShown = 5;
const sharesShown = 12;

export function report(suite: Suite, tally: Tally, seconds: number): string {
  const { seeds, counted, entries, operations } = tally;
  const perSeed = (1_000 * seconds) / Math.max(1, seeds);
  const lines = [
    `${seeds} seeds of "${suite.name}" in ${seconds.toFixed(1)} s (${perSeed.toFixed(1)} ms each), ` +
      `${counted} with enough work and faults`,
    `  committed entries   ${distributionText(entries)}`,
    `  client operations   ${distributionText(operations)}`,
    '  rarest, share of the seeds in which it occurred:',
    ...tally
      .shares(suite.expected)
      .slice(0, sharesShown)
      .map(({ what, share }) => `    ${(100 * share).toFixed(1).padStart(5)} %  ${what}`),
  ];
  return lines.join('\n');
}

export function failureText({ seed, violations }: Outcome, suite: Suite): string {
  const shown = violations
    .slice(0, violationsShown)
    .map(({ property, text }) => `  ${property}  ${text}`);
  const more = violations.length - shown.length;
  return [
    `seed ${seed}: ${violations.length} violations`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
    `  at ${commit()}`,
    `  replay: npm run simulate -- --suite ${suite.name} --seed ${seed}`,
  ].join('\n');
}

function distributionText({ min, p10, median, p90, max }: Distribution): string {
  return `min ${min}  p10 ${p10}  median ${median}  p90 ${p90}  max ${max}`;
}

/** What was run, as far as git knows. */
function commit(): string {
  try {
    const head = git('rev-parse', '--short', 'HEAD').trim();
    const changed = git('status', '--porcelain') !== '';
    return `commit ${head}${changed ? ' with changes' : ''}`;
  } catch {
    return 'an unknown commit';
  }
}

function git(...args: string[]): string {
  const options = { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'ignore'] };
  return execFileSync('git', args, options as ExecFileSyncOptions).toString();
}
