/** Tells the pieces of a run apart, by 64 bits, in 16 digits. */
import { crc32 } from '@choir/bytes';
import { fingerprint } from '@choir/testkit';

export function pieceDigest(bytes: Uint8Array): string {
  return `${fingerprint(bytes)}${crc32(bytes).toString(16).padStart(8, '0')}`;
}
