/**
 * The groups service: Corona as a deterministic state machine (docs/design/groups.md, G1–G9).
 */
import type { ClientId, GroupId, GroupName, LockInfo, MemberInfo, ObjectId, SessionId } from '@choir/protocol';
import type { Ordered } from '@choir/ordering';
import type { Effect, Timer } from './effect.ts';

/** Where to find content: the row at `seq`, of which only updates of these objects are live. */
export type ContentRef = { readonly seq: number; readonly objects: readonly ObjectId[] };

export type GroupDescription = {
  readonly group: GroupId;
  readonly name: GroupName;
  readonly stateful: boolean;
  readonly absenceMs: number;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
  readonly members: readonly MemberInfo[];
  readonly locks: readonly LockInfo[];
};

export class GroupsService {
  static restore(_snapshot: Uint8Array): GroupsService {
    throw new Error('being written');
  }
  /** Applies the next committed entry. Entries must be applied in order, each once. */
  apply(_ordered: Ordered): readonly Effect[] {
    throw new Error('being written');
  }
  snapshot(): Uint8Array {
    throw new Error('being written');
  }
  /** Everything that is armed now, with full durations, for a host that becomes writable. */
  pendingTimers(): readonly Timer[] {
    throw new Error('being written');
  }
  groupNamed(_name: GroupName): GroupId | null {
    throw new Error('being written');
  }
  describe(_group: GroupId): GroupDescription {
    throw new Error('being written');
  }
  /** The live content of a group, ascending, or of the objects named. */
  content(_group: GroupId, _objects: readonly ObjectId[] | null): readonly ContentRef[] {
    throw new Error('being written');
  }
  /** Local id of the last submission settled in a chain; 0 when there was none. */
  mark(_client: ClientId, _group: GroupName): number {
    throw new Error('being written');
  }
  currentSession(_client: ClientId): SessionId | null {
    throw new Error('being written');
  }
  counts(): { readonly groups: number; readonly clients: number } {
    throw new Error('being written');
  }
}
