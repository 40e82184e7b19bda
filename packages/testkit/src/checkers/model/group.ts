/** One group, folded from what it received. */
import type { GroupEvent } from '../group-event.ts';
import { Locks } from './locks.ts';
import { Members } from './members.ts';
import { Objects } from './objects.ts';

export type Attributes = { readonly stateful: boolean; readonly absenceMs: number };

/** What a group gets that nobody gave attributes to (docs/design/groups.md). */
export const defaultAttributes: Attributes = { stateful: true, absenceMs: 60_000 };

export class Group {
  /** Its number. */
  readonly created: number;
  /** The position at which it came into being. */
  readonly createdAt: number;
  readonly name: string;
  readonly attributes: Attributes;
  readonly members = new Members();
  readonly locks = new Locks();
  readonly objects = new Objects();
  readonly properties = new Map<string, string>();
  deleted = false;

  constructor(
    identity: { readonly created: number; readonly createdAt: number; readonly name: string },
    attributes: Attributes,
  ) {
    this.created = identity.created;
    this.createdAt = identity.createdAt;
    this.name = identity.name;
    this.attributes = attributes;
  }

  apply(event: GroupEvent, seq: number, attached: (client: string) => boolean): void {
    const away = event.event === 'lock_granted' && !this.isHere(event.sender, attached);
    this.locks.apply(event, seq, away ? seq : null);
    this.members.apply(event, seq);
    this.objects.apply(event, seq);
    if (event.event === 'group_deleted') this.deleted = true;
    if (event.event !== 'properties') return;
    for (const [index, name] of event.names.entries()) {
      const value = event.values[index] ?? '';
      if (value === '') this.properties.delete(name);
      else this.properties.set(name, value);
    }
  }

  /** A connected member. */
  isHere(client: string, attached: (client: string) => boolean): boolean {
    return this.members.get(client)?.status === 'member' && attached(client);
  }
}
