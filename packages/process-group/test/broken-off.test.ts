/** T5 with real processors: what comes of a state when the member that gives it goes half-way. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Replica } from '../src/index.ts';
import { bytesOf, Ensemble, members, timeout } from './ensemble.ts';

const partBytes = 64 * 1024;
const parts = 320;

/** A long state; what is said is put in near its beginning. */
class Archive implements Replica {
  bytes: Buffer;
  snapshots = 0;
  /** Is told how many parts of a snapshot were given. */
  onPart: (count: number) => void = () => {};

  constructor(bytes = Buffer.alloc(0)) {
    this.bytes = bytes;
  }

  apply(_from: unknown, bytes: Uint8Array): void {
    this.bytes = Buffer.concat([this.bytes.subarray(0, 100), bytes, this.bytes.subarray(100)]);
  }

  snapshot(): Iterable<Uint8Array> {
    this.snapshots += 1;
    return this.#parts(this.bytes);
  }

  *#parts(bytes: Buffer): Generator<Uint8Array> {
    for (let n = 0; n * partBytes < bytes.length; n += 1) {
      this.onPart(n);
      yield bytes.subarray(n * partBytes, (n + 1) * partBytes);
    }
  }

  restore(pieces: readonly Uint8Array[]): void {
    this.bytes = Buffer.concat(pieces);
  }
}

test('T5 the next member goes on where the one before it went', { timeout }, async () => {
  const ensemble = new Ensemble();
  const [annals, copy, other] = [
    new Archive(randomBytes(parts * partBytes)),
    new Archive(),
    new Archive(),
  ];
  const ann = await ensemble.join('ann', { replicas: { archive: annals }, events: false });
  const bob = await ensemble.join('bob', { replicas: { archive: copy }, events: false });
  await members(bob, 2);
  annals.onPart = (count) => {
    if (count !== Math.round(0.8 * parts)) return;
    void ann.multicast(bytesOf('put in before the rest'), { channel: 'archive' });
    void ann.leave();
  };
  const eve = await ensemble.join('eve', { replicas: { archive: other }, events: false });
  expect(eve.members.map(({ label }) => label)).toEqual(['bob', 'eve']);
  expect(copy.snapshots).toBe(1);
  expect(other.bytes.equals(copy.bytes)).toBe(true);
  expect(other.bytes.length).toBe(parts * partBytes + 'put in before the rest'.length);
  const ofEve = (await eve.statistics()).find(({ member }) => member.label === 'eve');
  const received = ofEve?.kind === 'answered' ? ofEve.statistics.receivedBytes : Infinity;
  // Once, with all that stands around it, and what was under way or has changed; not 1.8 times.
  expect(received).toBeLessThan(1.3 * parts * partBytes);
});
