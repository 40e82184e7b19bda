/** What a trace of process groups tells, put in order: fed record by record, in one pass. */
import type { ViewsRecord } from '../vocabulary.ts';
import type { Delivery } from './delivery.ts';
import { Group } from './group.ts';
import type { Stay } from './stay.ts';
import type { Period } from './view.ts';

export class History {
  readonly groups = new Map<number, Group>();
  /** The latest incarnation of each processor. */
  readonly incarnations = new Map<number, string>();
  /** Since when nobody sends; null when the run was not brought to rest. */
  quietAt: number | null = null;

  group(id: number): Group {
    let group = this.groups.get(id);
    if (group === undefined) {
      group = new Group(id);
      this.groups.set(id, group);
    }
    return group;
  }

  /** Takes a record; returns what it means if it is a delivery. */
  see(record: ViewsRecord): Delivery | null {
    switch (record.kind) {
      case 'delivered':
        return this.group(record.group).delivered(record);
      case 'sent':
        this.group(record.group).sent(record);
        break;
      case 'stored':
        this.group(record.group).holdings.add(record);
        break;
      case 'view':
        this.group(record.group).view(record);
        break;
      case 'convicted':
        this.group(record.group).convicted(record);
        break;
      case 'left':
      case 'excluded':
        this.group(record.group).end(record);
        break;
      case 'crashed':
      case 'stopped':
        for (const group of this.groups.values()) group.end(record);
        break;
      case 'started':
        this.incarnations.set(record.processor, record.node);
        break;
      case 'stable':
        this.group(record.group).stable = record;
        break;
      case 'phase':
        this.quietAt = record.phase === 'quiet' ? record.t : null;
        break;
      default:
        break;
    }
    return null;
  }

  /** Whether nothing is to come in this period: the process went on, or rests in it at the end. */
  isOver(period: Period): boolean {
    return period.next !== null || this.isAtRest(period.stay);
  }

  /** Whether the run was brought to rest with this process in the group. */
  isAtRest({ end }: Stay): boolean {
    if (this.quietAt === null) return false;
    return end === null || (end.kind === 'stopped' && end.t >= this.quietAt);
  }
}
