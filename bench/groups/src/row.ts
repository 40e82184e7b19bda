/** The results: a line for each metric and peer, for programs and for people. */
import type { Metric, Target, Values } from './work.ts';

export type { Metric, Values } from './work.ts';

/** What the rows of a workload are made of. */
export type Measurable = {
  readonly name: string;
  readonly metrics: readonly Metric[];
  readonly peers: readonly string[];
};

/** Ratios above 1: ours is better. Figures are medians; `runs` has each run's. */
export type Row = {
  readonly work: string;
  readonly metric: string;
  readonly unit: string;
  /** Null when ours did not take part. */
  readonly ours: number | null;
  readonly against: string | null;
  readonly peer: number | null;
  readonly ratio: number | null;
  readonly target: string | null;
  /** Null when there is no target. */
  readonly holds: boolean | null;
  readonly runs: { readonly ours: readonly number[]; readonly peer: readonly number[] };
};

/** By the name of who was measured; ours is `choir`. */
export type Runs = ReadonlyMap<string, readonly Values[]>;

export function rowsOf(work: Measurable, runs: Runs): readonly Row[] {
  return work.metrics.flatMap((metric) => {
    const peers = work.peers.filter((peer) => figures(runs, peer, metric).length > 0);
    const against = peers.length === 0 ? [null] : peers;
    return against.map((peer) => rowOf(work, metric, runs, peer));
  });
}

function rowOf(work: Measurable, metric: Metric, runs: Runs, against: string | null): Row {
  const ours = figures(runs, 'choir', metric);
  const theirs = against === null ? [] : figures(runs, against, metric);
  const our = ours.length === 0 ? null : median(ours);
  const their = theirs.length === 0 ? null : median(theirs);
  const ratio = ratioOf(metric, our, their);
  return {
    work: work.name,
    metric: metric.name,
    unit: metric.unit,
    ours: our,
    against,
    peer: their,
    ratio,
    target: targetText(metric),
    holds: holds(metric, our, ratio),
    runs: { ours, peer: theirs },
  };
}

function ratioOf({ better }: Metric, our: number | null, their: number | null): number | null {
  if (our === null || their === null) return null;
  return better === 'more' ? our / their : their / our;
}

function figures(runs: Runs, peer: string, { name }: Metric): readonly number[] {
  return (runs.get(peer) ?? []).flatMap((values) => values.get(name) ?? []);
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function targetText({ target, ratioTarget }: Metric): string | null {
  if (target !== undefined)
    return `${target.bound === 'at least' ? '≥' : '≤'} ${shown(target.value)}`;
  return ratioTarget === undefined ? null : `ratio ≥ ${ratioTarget}`;
}

function holds(
  { target, ratioTarget }: Metric,
  ours: number | null,
  ratio: number | null,
): boolean | null {
  if (ours === null) return null;
  if (target !== undefined) return reaches(target, ours);
  return ratioTarget === undefined || ratio === null ? null : ratio >= ratioTarget;
}

function reaches({ bound, value }: Target, figure: number): boolean {
  return bound === 'at least' ? figure >= value : figure <= value;
}

/** Three digits, however large. */
export function shown(figure: number): string {
  if (!Number.isFinite(figure)) return '–';
  const digits = Math.abs(figure) >= 100 ? 0 : Math.abs(figure) >= 10 ? 1 : 2;
  return Number(figure.toFixed(digits)).toLocaleString('en');
}

const columns = ['metric', 'ours', 'peer', 'against', 'ratio', 'target', ''] as const;

/** A table of one workload for people. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    `${row.metric}, ${row.unit}`,
    row.ours === null ? '' : shown(row.ours),
    row.peer === null ? '' : shown(row.peer),
    row.against ?? '',
    row.ratio === null ? '' : shown(row.ratio),
    row.target ?? '',
    row.holds === null ? '' : row.holds ? 'holds' : 'MISSED',
  ]);
  const all = [[...columns], ...cells];
  const widths = columns.map((_, at) => Math.max(...all.map((line) => (line[at] ?? '').length)));
  return all
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
