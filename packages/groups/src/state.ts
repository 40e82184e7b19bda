/** The whole state of the service: clients, retired identities, groups. */
import { type ClientId, type GroupId, type GroupName, groupId } from '@choir/protocol';
import type { Client } from './client.ts';
import type { Group } from './group.ts';

export class State {
  readonly clients = new Map<ClientId, Client>();
  /** Client ids that were retired; they are never attached again (G8). */
  readonly retired = new Set<ClientId>();
  readonly groups = new Map<GroupId, Group>();
  /** Groups created so far: the id of the newest, also when that one is gone. */
  groupsCreated = 0;
  readonly #byName = new Map<GroupName, Group>();

  group(name: GroupName): Group | null {
    return this.#byName.get(name) ?? null;
  }

  /** The next id; one entry can create several groups. */
  nextGroupId(): GroupId {
    this.groupsCreated += 1;
    return groupId(this.groupsCreated);
  }

  add(group: Group): void {
    this.groups.set(group.id, group);
    this.#byName.set(group.name, group);
  }

  remove(group: Group): void {
    this.groups.delete(group.id);
    this.#byName.delete(group.name);
  }
}
