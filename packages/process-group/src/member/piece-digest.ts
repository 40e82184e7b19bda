/** Tells the pieces of states apart (T5): by 128 bits of their SHA-256, which no two have in common by chance. */
import { hash } from 'node:crypto';
import { digestBytes } from '../core/index.ts';

export function pieceDigest(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'latin1').slice(0, digestBytes);
}
