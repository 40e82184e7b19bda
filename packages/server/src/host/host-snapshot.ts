/** What a host remembers beside the state of its service, and both as the bytes of a snapshot. */
import { Reader, Writer } from '@choir/bytes';
import { type GroupId, groupId } from '@choir/protocol';
import type { EpochStart } from './epochs.ts';

export type HostSnapshot = {
  readonly epochs: readonly EpochStart[];
  /** Deleted groups whose rows may still be there. */
  readonly unforgotten: readonly GroupId[];
  readonly service: Uint8Array;
};

const version = 1;

export function encodeHostSnapshot({ epochs, unforgotten, service }: HostSnapshot): Uint8Array {
  const writer = new Writer(service.length + 256);
  writer.natural(version);
  writer.natural(epochs.length);
  for (const { epoch, seq } of epochs) {
    writer.natural(epoch);
    writer.natural(seq);
  }
  writer.natural(unforgotten.length);
  for (const id of unforgotten) writer.natural(id);
  writer.bytes(service);
  return writer.take();
}

/** Null when these are not the bytes of a snapshot of this version. */
export function decodeHostSnapshot(bytes: Uint8Array): HostSnapshot | null {
  const reader = new Reader(bytes);
  if (reader.natural() !== version) return null;
  const epochs: EpochStart[] = [];
  for (let left = reader.natural(); left > 0 && !reader.failed; left -= 1) {
    epochs.push({ epoch: reader.natural(), seq: reader.natural() });
  }
  const unforgotten: GroupId[] = [];
  for (let left = reader.natural(); left > 0 && !reader.failed; left -= 1) {
    unforgotten.push(groupId(reader.natural()));
  }
  const service = reader.bytes();
  return reader.failed ? null : { epochs, unforgotten, service };
}
