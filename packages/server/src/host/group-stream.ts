/** What the host keeps of a group to feed those who follow it: recent deliveries and live content. */
import type { GroupId, GroupName } from '@choir/protocol';
import { Content } from './content.ts';
import type { Subscription } from './subscription.ts';
import { Tail } from './tail.ts';
import type { TransferPlan } from './transfer-plan.ts';

export class GroupStream {
  readonly id: GroupId;
  readonly name: GroupName;
  readonly tail: Tail;
  readonly content = new Content();
  /** Sessions that receive what is applied from now on. */
  readonly subscriptions = new Set<Subscription>();
  /** Blocks that still read the rows of this group. */
  holds = 0;
  /** Position of the creation; null when that was in an earlier life. */
  createdAt: number | null = null;
  /** Position of the deletion; null while the group exists. */
  deletedAt: number | null = null;
  /** The newest plan of a transfer, shared by those who join at about the same time. */
  plan: TransferPlan | null = null;
  /** The batch of entries in which the subscribers were last told that there is news. */
  toldIn = 0;

  /** Position of the newest delivery; 0 when there was none in this life. */
  last = 0;

  constructor(id: GroupId, name: GroupName, start: number) {
    this.id = id;
    this.name = name;
    this.tail = new Tail(start);
  }

  /** Nobody reads this group's deliveries now. */
  get unread(): boolean {
    return this.subscriptions.size === 0 && this.holds === 0;
  }
}
