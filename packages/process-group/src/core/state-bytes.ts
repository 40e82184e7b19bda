/**
 * The bytes of the state of several replicas: first the pieces of all, in the order of their channels; then a table, with each channel as text,
 * the length of each piece and 1, and a 0; then the length of the table, in four bytes.
 *
 * No length stands between the pieces: a state of which little has changed has the same bytes nearly everywhere, wherever its replica cuts it
 * (T5).
 */
import { Reader, Writer } from '@choir/bytes';
import { channelBytesMax } from './limits.ts';

const lengthBytes = 4;

export function* writeState(
  snapshots: readonly (readonly [channel: string, pieces: Iterable<Uint8Array>])[],
): Generator<Uint8Array> {
  const table = new Writer();
  for (const [channel, pieces] of snapshots) {
    table.text(channel);
    for (const piece of pieces) {
      table.natural(piece.length + 1);
      yield piece;
    }
    table.natural(0);
  }
  yield table.written();
  const length = new DataView(new ArrayBuffer(lengthBytes));
  length.setUint32(0, table.length);
  yield new Uint8Array(length.buffer);
}

/**
 * The pieces of each channel, which are views of these bytes.
 *
 * @throws Error when these are not the bytes of a state
 */
export function readState(bytes: Uint8Array): ReadonlyMap<string, readonly Uint8Array[]> {
  const end = Math.max(0, bytes.length - lengthBytes);
  const start = end - tableLength(bytes, end);
  const contents = new Reader(bytes, 0, start);
  const table = new Reader(bytes, start, end);
  const states = new Map<string, readonly Uint8Array[]>();
  while (table.remaining > 0) {
    const channel = table.text(channelBytesMax);
    const pieces: Uint8Array[] = [];
    for (let next = table.natural(); next > 0; next = table.natural()) {
      pieces.push(contents.raw(next - 1));
    }
    states.set(channel, pieces);
  }
  const isWhole = start >= 0 && contents.remaining === 0;
  if (!isWhole || contents.failed || table.failed) throw new Error('The state is cut off.');
  return states;
}

/** More than there is when there is none. */
function tableLength({ buffer, byteOffset, length }: Uint8Array, end: number): number {
  if (length < lengthBytes) return Infinity;
  return new DataView(buffer, byteOffset + end).getUint32(0);
}
