/** Digests of pieces (T5): texts of 16 characters of one byte each, and many of them as bytes. */
import { digestBytes } from './limits.ts';

/** Tells pieces apart: 16 characters below U+0100, other ones for other bytes. */
export type Digest = (bytes: Uint8Array) => string;

export function bytesOfDigests(digests: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(digests.length * digestBytes);
  for (const [index, digest] of digests.entries()) {
    for (let n = 0; n < digestBytes; n += 1) bytes[index * digestBytes + n] = digest.charCodeAt(n);
  }
  return bytes;
}

/** @param bytes of whole digests */
export function digestsOf(bytes: Uint8Array): readonly string[] {
  const digests: string[] = [];
  for (let at = 0; at < bytes.length; at += digestBytes) {
    digests.push(String.fromCharCode(...bytes.subarray(at, at + digestBytes)));
  }
  return digests;
}
