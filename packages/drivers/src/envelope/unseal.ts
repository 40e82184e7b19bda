/** Opens what a transmitter has sealed (X5). */
import type { DecipherGCM } from 'node:crypto';
import { headBytes, tagBytes } from './layout.ts';

/**
 * The message of a datagram that is at least as long as its overhead; null when it is not genuine.
 *
 * @param decipher of this datagram's counter and key, and not used yet
 */
export function unseal(datagram: Buffer, decipher: DecipherGCM): Buffer | null {
  const end = datagram.length - tagBytes;
  decipher.setAAD(datagram.subarray(0, headBytes));
  decipher.setAuthTag(datagram.subarray(end));
  const message = decipher.update(datagram.subarray(headBytes, end));
  try {
    decipher.final();
    return message;
  } catch {
    return null;
  }
}
