/**
 * S23: what a process lets go of is held, or was, by every member of its view that has to have it: who
 * joined later, has left, is convicted, or has gone on without this process needs it no more. Of a source that is gone nobody needs what came behind
 * the last of its messages that was delivered.
 */
import { ViewsChecker } from './checker.ts';
import type { Delivery } from './history/delivery.ts';
import type { History } from './history/history.ts';
import type { Stay } from './history/stay.ts';
import type { View } from './history/view.ts';
import type { RecordKind, ViewsRecord } from './vocabulary.ts';

export class BufferRelease extends ViewsChecker {
  readonly property = 'S23';
  readonly promise =
    'A process lets go of a message when every member of its view had it that needs it.';
  override readonly sees: readonly RecordKind[] = ['released'];

  /** The timestamp of the last message that a process was given of a sender. */
  readonly #given = new Map<string, number>();

  override delivered({ record: { group, node, sender, timestamp } }: Delivery): void {
    this.#given.set(`${group} ${node} ${sender}`, timestamp);
  }

  override see(record: ViewsRecord, history: History): void {
    if (record.kind !== 'released') return;
    const group = history.group(record.group);
    const stay = group.stayOf(record.node);
    if (stay === null || stay.end !== null) return;
    const { view } = stay.last;
    const holding = group.holdings.bySeq(record.source, record.seq);
    const what = `${record.seq} of ${record.source}`;
    if (holding === null) {
      this.violated(`${record.node} lets go of ${what}, which nobody had`, record);
      return;
    }
    if (holding.stableIn === view.id) return;
    const last = this.#given.get(`${record.group} ${record.node} ${record.source}`) ?? 0;
    if (!view.members.has(record.source) && holding.timestamp > last) return;
    for (const member of view.members) {
      if (holding.holders.has(member) || stay.convicted.has(member)) continue;
      const other = group.stayOf(member);
      if (other?.end?.kind === 'left') continue;
      if (hasGoneOn(other, record.node, view)) continue;
      const entry = other?.first.view ?? group.entryOf(member, view);
      if (entry !== null && entry.timestamp >= holding.timestamp) continue;
      this.violated(`${record.node} lets go of ${what} while ${member} lacks it`, record);
    }
  }
}

/** Whether a member was given a later view without this node: what the node sent, and nobody had, is not part of that. */
function hasGoneOn(member: Stay | null, node: string, view: View): boolean {
  const later = member?.last.view;
  return later !== undefined && view.isBefore(later) && !later.members.has(node);
}
