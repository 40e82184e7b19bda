/**
 * What each view must be by itself, where it is given: S1 self inclusion, S2 local monotonicity, S3 a
 * view before everything, S4 one id, one content.
 */
import { ViewsChecker } from './checker.ts';
import type { Delivery } from './history/delivery.ts';
import type { History } from './history/history.ts';
import type { RecordKind, ViewsRecord } from './vocabulary.ts';

export class SelfInclusion extends ViewsChecker {
  readonly property = 'S1';
  readonly promise = 'A process is a member of every view it is given.';
  override readonly sees: readonly RecordKind[] = ['view'];

  override see(record: ViewsRecord): void {
    if (record.kind !== 'view' || record.members.includes(record.node)) return;
    this.violated(`${record.node} is no member of its view ${record.view}`, record);
  }
}

export class LocalMonotonicity extends ViewsChecker {
  readonly property = 'S2';
  readonly promise = 'The ids of the views of a process rise.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      const last = new Map<string, (typeof group.stays)[number]['last']>();
      for (const stay of group.stays) {
        for (const period of stay.periods()) {
          const before = last.get(stay.node);
          if (before !== undefined && !before.view.isBefore(period.view)) {
            const text = `${stay.node} is given ${period.view.id} after ${before.view.id}`;
            this.violated(text, period.record);
          }
          last.set(stay.node, period);
        }
      }
    }
  }
}

export class InitialView extends ViewsChecker {
  readonly property = 'S3';
  readonly promise = 'Nothing is sent before the first view; nothing is delivered outside a view.';
  override readonly sees: readonly RecordKind[] = ['sent'];

  override see(record: ViewsRecord, history: History): void {
    if (record.kind !== 'sent') return;
    if (history.group(record.group).stayOf(record.node) !== null) return;
    this.violated(`${record.node} sends ${record.message} before its first view`, record);
  }

  override delivered({ message, record, period }: Delivery): void {
    if (period !== null) return;
    this.violated(`${record.node} is given ${message.id} while it has no view`, record);
  }
}

export class ViewIdentity extends ViewsChecker {
  readonly property = 'S4';
  readonly promise = 'One view id has one list of members and one primary mark.';

  override finish({ groups }: History): void {
    for (const group of groups.values()) {
      for (const view of group.views.values()) {
        const one = contentOf(view.record);
        for (const { record } of view.periods) {
          const other = contentOf(record);
          if (other === one) continue;
          this.violated(`${view.id} is ${one}, and ${other} at ${record.node}`, record);
        }
      }
    }
  }
}

function contentOf(view: { members: readonly string[]; primary: boolean }): string {
  return `${view.members.join(',')} ${view.primary ? 'primary' : 'not primary'}`;
}
