/** What people read: clause by clause. */
import type { Clause } from './clauses.ts';
import type { Result } from './run.ts';

export type ClauseReport = {
  readonly clause: Clause;
  readonly passed: number;
  readonly failed: readonly Result[];
  /** Why nothing was checked; null when something was. */
  readonly why: string | null;
};

export function byClause(
  clauses: readonly Clause[],
  results: readonly Result[],
  notChecked: Readonly<Record<string, string>>,
): readonly ClauseReport[] {
  return clauses.map((clause) => {
    const about = results.filter((result) => result.case.clauses.includes(clause.id));
    const judged = about.filter(({ verdict }) => verdict !== 'left out');
    const none = notChecked[clause.id] ?? about[0]?.why ?? 'was not asked for';
    return {
      clause,
      passed: judged.filter(({ verdict }) => verdict === 'passed').length,
      failed: judged.filter(({ verdict }) => verdict === 'failed'),
      why: judged.length === 0 ? none : null,
    };
  });
}

export function lineOf({ clause, passed, failed, why }: ClauseReport): string {
  const id = clause.id.padEnd(4);
  if (why !== null) return `${id}not checked: ${why}`;
  if (failed.length === 0) return `${id}passed (${passed})`;
  const lines = failed.map(
    (each) =>
      `      ${each.case.title}${each.rendering === null ? '' : ` (${each.rendering})`}: ${each.why.split('\n')[0]}`,
  );
  return [`${id}FAILED (${failed.length} of ${passed + failed.length})`, ...lines].join('\n');
}
