/**
 * Copies of bytes, many of which lie in one piece of memory. A run copies millions of datagrams, and a piece of memory for each would cost more than to copy it.
 */
const pieceBytes = 1024 * 1024;
/** Longer ones have memory of their own. */
const sharedBytesMax = 8 * 1024;

let piece = new Uint8Array(pieceBytes);
let used = 0;

export function copyOf(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length > sharedBytesMax) return bytes.slice();
  if (used + length > pieceBytes) {
    piece = new Uint8Array(pieceBytes);
    used = 0;
  }
  const copy = piece.subarray(used, used + length);
  copy.set(bytes);
  used += length;
  return copy;
}
