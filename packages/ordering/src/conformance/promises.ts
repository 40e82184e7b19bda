/** O7: the floor passes only what a quorum's snapshots cover. O8: every submission settles. */
import type { OrderingEvent, Read, Violation } from './events.ts';

export function checkFloor(trace: readonly OrderingEvent[], nodes: number): Violation[] {
  const violations: Violation[] = [];
  const kept = new Map<string, number>();
  const quorum = Math.floor(nodes / 2) + 1;
  for (const event of trace) {
    if (event.kind === 'kept') kept.set(event.node, Math.max(event.seq, kept.get(event.node) ?? 0));
    if (event.kind !== 'status' && event.kind !== 'gap') continue;
    const { floorSeq, node } = event;
    if (floorSeq === 0) continue;
    const covering = [...kept.values()].filter((seq) => seq >= floorSeq).length;
    if (covering >= quorum) continue;
    const what = `the floor at ${node} is ${floorSeq}, covered by ${covering} of ${nodes} nodes`;
    violations.push({ rule: 'O7', what });
  }
  return violations;
}

/** At the end each life that is still there has all its submissions in the log, and sees them. */
export function checkSettled(
  entries: readonly Read[],
  trace: readonly OrderingEvent[],
): Violation[] {
  const violations: Violation[] = [];
  const settled = trace.flatMap((event) => (event.kind === 'settled' ? [event.source] : []));
  const ordered = new Set(entries.map(({ source, n }) => `${source} ${n}`));
  const isWhole = entries[0]?.previousSeq === 0;
  for (const event of trace) {
    if (event.kind !== 'submitted' || event.result !== 'queued') continue;
    const { source, n } = event;
    if (!isWhole || !settled.includes(source) || ordered.has(`${source} ${n}`)) continue;
    violations.push({ rule: 'O8', what: `${source} ${n} was queued and never ordered` });
  }
  return violations;
}
