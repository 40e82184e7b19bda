/**
 * The checksums of everything stored. Each is a CRC-32 over the row's numbers and its bytes, so a
 * row that was moved, relabelled or cut is as visible as one whose bytes changed.
 *
 * K1 The chain value of an entry continues the CRC of its predecessor: it is the CRC of the whole
 *    log up to there. Removing, exchanging or changing an entry breaks every later one.
 * K2 Each kind of row starts from its own constant, so that no row passes for one of another kind.
 */
import { crc32 } from 'node:zlib';

const ROW = 1;
const TAIL = 2;
const SNAPSHOT = 3;
const SETTING = 4;

/** The chain value before the first entry. */
export const CHAIN_START = 0;

const label = new Uint8Array(24);
const labelView = new DataView(label.buffer);

function crcOfLabel(start: number, a: number, b: number, c: number): number {
  labelView.setFloat64(0, a, true);
  labelView.setFloat64(8, b, true);
  labelView.setFloat64(16, c, true);
  return crc32(label, start);
}

/**
 * No bytes leave a CRC as it is. Node.js 22 and 24.0 answer 0 for those that SQLite returned, since
 * they have no address: such an entry would pass for damaged.
 */
function crcOfBytes(bytes: Uint8Array, start: number): number {
  return bytes.length === 0 ? start : crc32(bytes, start);
}

export function entryChain(
  previous: number,
  seq: number,
  epoch: number,
  bytes: Uint8Array,
): number {
  return crcOfBytes(bytes, crcOfLabel(previous, seq, epoch, bytes.length));
}

/** `previous` is the position of the row before this one in its space, 0 for the first. */
export function rowChecksum(
  space: number,
  seq: number,
  previous: number,
  bytes: Uint8Array,
): number {
  return crcOfBytes(bytes, crcOfLabel(ROW, space, seq, previous));
}

export function tailChecksum(space: number, last: number): number {
  return crcOfLabel(TAIL, space, last, 0);
}

export function snapshotChecksum(seq: number, bytes: Uint8Array): number {
  return crcOfBytes(bytes, crcOfLabel(SNAPSHOT, seq, bytes.length, 0));
}

export function settingChecksum(name: string, value: number): number {
  return crc32(name, crcOfLabel(SETTING, value, 0, 0));
}
