/** A stand-in for SHA-256: 32 bytes that differ when the input does. Not for secrets of real people. */
export function digest(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(32);
  for (let lane = 0; lane < 8; lane += 1) {
    let hash = 0x811c9dc5 ^ Math.imul(lane + 1, 0x9e3779b9);
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    for (let i = 0; i < 4; i += 1) result[lane * 4 + i] = (hash >>> (8 * i)) & 0xff;
  }
  return result;
}
