/** Members and lock sets of a group, as applications see them. */
import type { Event } from '@choir/protocol';
import type { Copy } from './session/index.ts';
import type { Told } from './settlements.ts';

/** A member. `disconnected_member`: away, and still a member until its absence takes too long (paper §6). */
export type Member = {
  readonly clientId: string;
  readonly name: string;
  readonly status: 'member' | 'disconnected_member';
};

/** A change of the membership. Every change of a member's state is told once. */
export type MembershipChange = {
  readonly group: string;
  readonly clientId: string;
  readonly globalId: number;
  readonly time: Date;
  readonly missed: boolean;
} & (
  | { readonly kind: 'new_member'; readonly name: string }
  | { readonly kind: 'disconnected_member' }
  | { readonly kind: 'rejoined_member' }
  | { readonly kind: 'renamed_member'; readonly name: string }
  | { readonly kind: 'non_member'; readonly cause: 'left' | 'timeout' | 'forgotten' }
);

/** A lock set that somebody holds. */
export type LockSet = {
  /** Client id of who holds it. */
  readonly holder: string;
  /** Its id, which is also its fencing token. */
  readonly fence: number;
  readonly objects: readonly string[];
  /** How long it outlives a lost connection of its holder, milliseconds. */
  readonly graceMs: number;
};

/** A lock set of the group was granted, shrank or ended. */
export type LockChange = {
  readonly group: string;
  readonly holder: string;
  readonly fence: number;
  /** Those that were granted or released. */
  readonly objects: readonly string[];
  readonly globalId: number;
  readonly time: Date;
  readonly missed: boolean;
} & (
  | { readonly kind: 'lock_granted' }
  | {
      readonly kind: 'lock_released';
      readonly cause: 'released' | 'grace_expired' | 'broken' | 'left';
      /** Who released or broke it; null when its grace was over. */
      readonly by: string | null;
      readonly reason: string;
    }
);

export function membersOf(copy: Copy | null): readonly Member[] {
  return [...(copy?.members.values() ?? [])].map(({ clientId, name, status }) => ({
    clientId,
    name,
    status,
  }));
}

export function lockSetsOf(copy: Copy | null): readonly LockSet[] {
  return [...(copy?.locks.values() ?? [])].map(({ senderId, lockSet, objects, graceMs }) => ({
    holder: senderId,
    fence: lockSet,
    objects,
    graceMs,
  }));
}

export function membershipChangeOf(event: Event, told: Told<'message'>): MembershipChange | null {
  const { group, at, time, missed } = told;
  const common = { group, globalId: at.seq, time: new Date(time), missed };
  switch (event.kind) {
    case 'new_member':
    case 'renamed_member': {
      const { kind, clientId, name } = event;
      return { ...common, kind, clientId, name };
    }
    case 'disconnected_member':
    case 'rejoined_member':
      return { ...common, kind: event.kind, clientId: event.clientId };
    case 'non_member': {
      const { kind, clientId, cause } = event;
      return { ...common, kind, clientId, cause };
    }
    default:
      return null;
  }
}

export function lockChangeOf(event: Event, told: Told<'message'>): LockChange | null {
  if (event.kind !== 'lock_granted' && event.kind !== 'lock_released') return null;
  const { group, at, time, missed } = told;
  const { senderId: holder, lockSet: fence, objects } = event;
  const common = { group, holder, fence, objects, globalId: at.seq, time: new Date(time), missed };
  if (event.kind === 'lock_granted') return { ...common, kind: event.kind };
  const { kind, cause, by = null, reason = '' } = event;
  return { ...common, kind, cause, by, reason };
}
