/**
 * The groups service: Corona as a deterministic state machine (docs/design/groups.md, G1–G9). It is fed
 * the committed entries of an ordering, one after the other, and returns what the host has to do. It
 * holds no payload and knows no time, no connection and no disk.
 */
import { Reader } from '@choir/bytes';
import type { Ordered } from '@choir/ordering';
import {
  type ClientId,
  type GroupId,
  type GroupName,
  groupId,
  type LockInfo,
  type MemberInfo,
  type ObjectId,
  ORIGIN,
  type Position,
  type SessionId,
} from '@choir/protocol';
import { type Command, command } from './command.ts';
import type { Effect, Timer } from './effect.ts';
import { expireAbsence, expireGrace, grantWaiting } from './expiry.ts';
import type { Kept } from './history.ts';
import { join } from './joins.ts';
import { grantable, recoverable } from './locking.ts';
import { absenceTimer } from './membership.ts';
import type { ContentRef } from './objects.ts';
import { attach, detach, forget, forgetTimer, loseNodes } from './sessions.ts';
import { decodeState, encodeState } from './snapshot.ts';
import { State } from './state.ts';
import { Step } from './step.ts';
import { applySubmission } from './submissions.ts';
import { UnknownCommandError } from './unknown-command.ts';

export type GroupDescription = {
  readonly group: GroupId;
  readonly name: GroupName;
  readonly stateful: boolean;
  /** How long a disconnected member stays one, milliseconds. */
  readonly absenceMs: number;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
  readonly members: readonly MemberInfo[];
  readonly locks: readonly LockInfo[];
};

/** A group in a few numbers. */
export type GroupSummary = {
  readonly group: GroupId;
  readonly name: GroupName;
  readonly stateful: boolean;
  readonly members: number;
  /** Of the members, those whose connection is away. */
  readonly disconnected: number;
  readonly objects: number;
  /** Lock sets that are held. */
  readonly locks: number;
};

export class GroupsService {
  readonly #state: State;

  constructor(state: State = new State()) {
    this.#state = state;
  }

  /** The service as it was when `snapshot()` made these bytes; null when they are not of that form. */
  static restore(snapshot: Uint8Array): GroupsService | null {
    const state = decodeState(snapshot);
    return state === null ? null : new GroupsService(state);
  }

  /**
   * Applies the next committed entry. Entries must be applied in order, each once.
   * @throws UnknownCommandError: nothing of the entry was applied, and nothing behind it can be.
   */
  apply(ordered: Ordered): readonly Effect[] {
    const state = this.#state;
    if (ordered.kind === 'members') {
      const step = new Step(ordered.at, '');
      loseNodes(step, state, ordered.gone);
      return this.#told(step, ordered.time);
    }
    const step = new Step(ordered.at, ordered.source);
    const reader = new Reader(ordered.bytes);
    const decoded = command.read(reader);
    if (reader.failed || reader.remaining > 0) throw new UnknownCommandError(ordered.at.seq);
    perform(step, state, decoded);
    return this.#told(step, ordered.time);
  }

  snapshot(): Uint8Array {
    return encodeState(this.#state);
  }

  /** Everything that is armed now, with full durations, for a host that becomes writable. */
  pendingTimers(): readonly Timer[] {
    const timers: Timer[] = [];
    for (const client of this.#state.clients.values()) timers.push(...forgetTimer(client));
    for (const group of this.#state.groups.values()) {
      for (const id of group.members.keys()) timers.push(...absenceTimer(group, id));
      for (const set of group.locks.sets) timers.push(...recoverable(group, set));
      timers.push(...grantable(group));
    }
    return timers;
  }

  groupNamed(name: GroupName): GroupId | null {
    return this.#state.group(name)?.id ?? null;
  }

  describe(id: GroupId): GroupDescription | null {
    const group = this.#state.groups.get(id);
    if (group === undefined) return null;
    const { name, attributes, properties, members, locks } = group;
    return {
      group: id,
      name,
      ...attributes,
      properties: [...properties].map(([key, value]) => ({ name: key, value })),
      members: [...members].map(([clientId, { name: shown, status }]) => ({
        clientId,
        name: shown,
        status,
      })),
      locks: locks.sets.map(({ holder: senderId, localId, id: lockSet, objects, graceMs }) => ({
        senderId,
        localId,
        lockSet,
        objects,
        graceMs,
      })),
    };
  }

  /** All groups, in the order in which they came into being. */
  summaries(): readonly GroupSummary[] {
    return [...this.#state.groups].map(([id, { name, attributes, members, objects, locks }]) => ({
      group: id,
      name,
      stateful: attributes.stateful,
      members: members.size,
      disconnected: [...members.values()].filter(({ status }) => status !== 'member').length,
      objects: objects.count,
      locks: locks.sets.length,
    }));
  }

  /** The live content of a group, ascending by position; of all its objects, or of those named. */
  content(id: GroupId, objects: readonly ObjectId[] | null): readonly ContentRef[] {
    return this.#state.groups.get(id)?.objects.content(objects) ?? [];
  }

  /** Local id of the last submission settled in a chain; 0 when there was none. */
  mark(client: ClientId, group: GroupName): number {
    return this.#state.clients.get(client)?.chains.get(group)?.mark ?? 0;
  }

  /** Group names in which a client has settled something: chains, each remembered with its outcomes. */
  chainCount(client: ClientId): number {
    return this.#state.clients.get(client)?.chains.size ?? 0;
  }

  /** Whether an id is a client's, or was one's that is retired. */
  knows(client: ClientId): boolean {
    return this.#state.clients.has(client) || this.#state.retired.has(client);
  }

  currentSession(client: ClientId): SessionId | null {
    return this.#state.clients.get(client)?.session ?? null;
  }

  /** Groups that exist; they may come and go meanwhile. */
  *groupNames(): Iterable<readonly [GroupId, GroupName]> {
    for (const { id, name } of this.#state.groups.values()) yield [id, name];
  }

  /** Deliveries of a group at or before this position are not given any more. */
  floor(id: GroupId): Position {
    return this.#state.groups.get(id)?.history.floor ?? ORIGIN;
  }

  /** What a `cut_history` could name to keep no more than is wanted; null when there is nothing. */
  dispensable(id: GroupId, kept: Kept): Position | null {
    return this.#state.groups.get(id)?.history.dispensable(kept) ?? null;
  }

  counts(): { readonly groups: number; readonly clients: number } {
    return { groups: this.#state.groups.size, clients: this.#state.clients.size };
  }

  #told(step: Step, time: number): readonly Effect[] {
    const effects = step.effects();
    for (const effect of effects) {
      if (effect.kind === 'deliver') {
        this.#state.groups.get(effect.group)?.history.delivered(step.at, time);
      }
    }
    return effects;
  }
}

function perform(step: Step, state: State, decoded: Command): void {
  switch (decoded.kind) {
    case 'attach':
      attach(step, state, decoded);
      return;
    case 'detach':
      detach(step, state, decoded);
      return;
    case 'submit':
      applySubmission(step, state, decoded);
      return;
    case 'join':
      join(step, state, decoded);
      return;
    case 'expire_absence':
      expireAbsence(step, state, decoded);
      return;
    case 'expire_grace':
      expireGrace(step, state, decoded);
      return;
    case 'forget':
      forget(step, state, decoded);
      return;
    case 'grant_next':
      grantWaiting(step, state, decoded);
      return;
    case 'cut_history':
      state.groups.get(groupId(decoded.group))?.history.cut(decoded.upTo);
      return;
    default:
      decoded satisfies never;
  }
}
