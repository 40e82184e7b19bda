/** A client as the service knows it: an identity that outlives connections, sessions and groups. */
import type { Incarnation } from '@choir/ordering';
import type { ClientId, GroupId, GroupName, SessionId } from '@choir/protocol';
import { Chain } from './chain.ts';

/** Attached through a node, or absent since a position. */
export type Attachment =
  | { readonly kind: 'attached'; readonly session: SessionId; readonly node: Incarnation }
  | { readonly kind: 'absent'; readonly since: number };

/** How long an identity may be unattached before it is retired: 30 days (DESIGN, "Marks"). */
export const forgetMs = 30 * 24 * 3_600_000;

export class Client {
  readonly id: ClientId;
  readonly secretHash: Uint8Array;
  attachment: Attachment;
  /** Groups in which the client is a member, connected or not. */
  readonly groups = new Set<GroupId>();
  readonly chains = new Map<GroupName, Chain>();

  constructor(id: ClientId, secretHash: Uint8Array, attachment: Attachment) {
    this.id = id;
    this.secretHash = secretHash;
    this.attachment = attachment;
  }

  get session(): SessionId | null {
    return this.attachment.kind === 'attached' ? this.attachment.session : null;
  }

  /** The chain of a group name; an empty one, not kept before it settles something, if there is none. */
  chain(group: GroupName): Chain {
    return this.chains.get(group) ?? new Chain();
  }
}
