/** A group: attributes, members, objects, locks, and what the conflict rules need to know. */
import type { ClientId, GroupId, GroupName, SessionId } from '@choir/protocol';
import { History } from './history.ts';
import type { LatestChange } from './latest-change.ts';
import { LockChanges } from './lock-changes.ts';
import { Locks } from './locks.ts';
import { Objects } from './objects.ts';

/** The three states of paper §6; a non-member is one without a record. */
export type Member =
  | { readonly status: 'member'; readonly name: string; readonly session: SessionId }
  | { readonly status: 'disconnected_member'; readonly name: string; readonly absence: number };

export type GroupAttributes = {
  readonly stateful: boolean;
  /** How long a disconnected member stays one, milliseconds. */
  readonly absenceMs: number;
};

export const defaultAttributes: GroupAttributes = { stateful: true, absenceMs: 60_000 };

/** Grace of a lock whose request names none, milliseconds. */
export const defaultGraceMs = 30_000;

export class Group {
  readonly id: GroupId;
  readonly name: GroupName;
  /** Position of its creation. What was written before belongs to an earlier group of that name. */
  readonly createdAt: number;
  readonly attributes: GroupAttributes;
  readonly properties = new Map<string, string>();
  readonly members = new Map<ClientId, Member>();
  readonly objects = new Objects();
  readonly locks = new Locks();
  readonly lockChanges = new LockChanges();
  checkpoint: LatestChange | undefined;
  readonly history: History;

  constructor(
    identity: { readonly id: GroupId; readonly name: GroupName; readonly createdAt: number },
    attributes: GroupAttributes,
    history = new History(),
  ) {
    this.id = identity.id;
    this.name = identity.name;
    this.createdAt = identity.createdAt;
    this.attributes = attributes;
    this.history = history;
  }
}
