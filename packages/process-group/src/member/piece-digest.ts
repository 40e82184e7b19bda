/** Tells the pieces of states apart (T5): by 132 bits of their SHA-256, which no two have in common by chance. */
import { hash } from 'node:crypto';

const characters = 22;

export function pieceDigest(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'base64url').slice(0, characters);
}
