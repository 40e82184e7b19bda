/** Opens what a transmitter has sealed (X5). */
import { createDecipheriv, type KeyObject } from 'node:crypto';
import { headBytes, tagBytes, writeNonce } from './layout.ts';

const nonce = Buffer.alloc(12);

/** The message of a datagram that is at least as long as its overhead; null when it is not genuine. */
export function unseal(datagram: Buffer, counter: number, key: KeyObject): Buffer | null {
  writeNonce(nonce, counter);
  const end = datagram.length - tagBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
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
