/** Compares what senders and listeners were told with what the log holds in the end. */

/** An acknowledged or delivered message: its data is unique in the test. */
export type Told = { readonly globalId: number; readonly epoch: number; readonly data: string };

export type Verdict = {
  readonly sent: number;
  readonly acknowledged: number;
  readonly inLog: number;
  /** Acknowledged or delivered, and not in the log at that place. */
  readonly lost: readonly Told[];
  /** In the log more than once. */
  readonly doubled: readonly string[];
  /** Global ids under which different messages were seen, or that do not increase in the log. */
  readonly reused: readonly number[];
  /** Handed over and never acknowledged: none when all senders ended well. */
  readonly unacknowledged: number;
};

export function judge(
  sent: number,
  acknowledged: readonly Told[],
  delivered: readonly Told[],
  log: readonly Told[],
): Verdict {
  const byData = new Map(log.map((each) => [each.data, each]));
  const lost = [...acknowledged, ...delivered].filter(({ data, globalId, epoch }) => {
    const logged = byData.get(data);
    return logged === undefined || logged.globalId !== globalId || logged.epoch !== epoch;
  });
  return {
    sent,
    acknowledged: acknowledged.length,
    inLog: log.length,
    lost,
    doubled: repeated(log),
    reused: reusedIds(acknowledged, delivered, log),
    unacknowledged: sent - new Set(acknowledged.map(({ data }) => data)).size,
  };
}

export function isClean({ lost, doubled, reused, unacknowledged }: Verdict): boolean {
  return lost.length + doubled.length + reused.length + unacknowledged === 0;
}

function repeated(log: readonly Told[]): readonly string[] {
  const seen = new Set<string>();
  return log.flatMap(({ data }) => {
    if (seen.has(data)) return [data];
    seen.add(data);
    return [];
  });
}

function reusedIds(...sources: readonly (readonly Told[])[]): readonly number[] {
  const seen = new Map<number, string>();
  const reused = new Set<number>();
  for (const { globalId, data } of sources.flat()) {
    const before = seen.get(globalId);
    if (before === undefined) seen.set(globalId, data);
    else if (before !== data) reused.add(globalId);
  }
  const log = sources.at(-1) ?? [];
  for (const [index, { globalId }] of log.entries()) {
    const previous = log[index - 1];
    if (previous !== undefined && previous.globalId >= globalId) reused.add(globalId);
  }
  return [...reused];
}
