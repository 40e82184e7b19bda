/** What a host begins with: the state as of the newest snapshot, from which it replays the log. */
import { GroupsService } from '@choir/groups';
import type { Snapshot } from '@choir/ordering';
import { type GroupId, ORIGIN, type Position } from '@choir/protocol';
import { Epochs } from './epochs.ts';
import { decodeHostSnapshot } from './host-snapshot.ts';

export type Restored = {
  readonly service: GroupsService;
  readonly epochs: Epochs;
  readonly unforgotten: readonly GroupId[];
  readonly head: Position;
  readonly snapshotBytes: number;
};

/** Null when the snapshot is not of a form that this version knows. */
export function restore(snapshot: Snapshot | null): Restored | null {
  if (snapshot === null) return beginning();
  const decoded = decodeHostSnapshot(snapshot.bytes);
  if (decoded === null) return null;
  const service = GroupsService.restore(decoded.service);
  if (service === null) return null;
  const { epochs, unforgotten } = decoded;
  const snapshotBytes = snapshot.bytes.length;
  return { service, epochs: new Epochs(epochs), unforgotten, head: snapshot.at, snapshotBytes };
}

export function beginning(): Restored {
  const service = new GroupsService();
  return { service, epochs: new Epochs([]), unforgotten: [], head: ORIGIN, snapshotBytes: 0 };
}
