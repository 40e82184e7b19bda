/** Payloads in a trace: short ones as they are, long ones as their beginning and a fingerprint. */
import { fingerprint } from '@choir/testkit';

const shownBytes = 40;

/** Every byte becomes one character; the payloads of the workload are printable. */
export function payloadText(bytes: Uint8Array): string {
  if (bytes.length <= shownBytes) return String.fromCharCode(...bytes);
  const beginning = String.fromCharCode(...bytes.subarray(0, 16));
  return `${beginning}~${fingerprint(bytes)}/${bytes.length}`;
}
