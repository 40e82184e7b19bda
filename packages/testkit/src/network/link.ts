/** What a connection is like when nothing is wrong. */
import type { Random } from '../random.ts';

export type Link = {
  /** One way, without the jitter. */
  readonly latencyMs: number;
  /** Mean of what is added to each message, exponentially distributed. */
  readonly jitterMs: number;
  readonly bytesPerMs: number;
  /**
   * What the two operating systems hold for a direction. Up to this, bytes that have not arrived
   * are out of the sender's sight; beyond it they are its `bufferedBytes`.
   */
  readonly kernelBytes: number;
};

export const defaultLink: Link = {
  latencyMs: 0.5,
  jitterMs: 0.2,
  bytesPerMs: 12_500,
  kernelBytes: 256 * 1024,
};

/** A link between 0.1 and 50 ms, as likely near as far. */
export function drawLink(random: Random): Link {
  const latencyMs = 0.1 * 500 ** random.unit();
  return { ...defaultLink, latencyMs, jitterMs: latencyMs * random.between(0, 0.5) };
}
