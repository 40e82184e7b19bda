// Bits, ends and pieces of genuine bytes changed; random ones.
import type { Random } from '@choir/testkit';
import type { Attack } from './attacks.ts';
import type { Kept } from './kept.ts';

const randomMax = 1_500;

export function damaged(genuine: Kept, random: Random): Attack {
  const bytes = genuine.pick(random);
  const name = random.pick(['mutated', 'truncated', 'spliced', 'extended', 'random'] as const);
  switch (name) {
    case 'mutated':
      return { name, datagram: mutated(bytes, random) };
    case 'truncated':
      return { name, datagram: bytes.slice(0, random.int(0, bytes.length - 1)) };
    case 'spliced': {
      const other = genuine.pick(random);
      const at = random.int(1, Math.min(bytes.length, other.length) - 1);
      return { name, datagram: new Uint8Array([...bytes.subarray(0, at), ...other.subarray(at)]) };
    }
    case 'extended':
      return { name, datagram: new Uint8Array([...bytes, ...random.bytes(random.int(1, 64))]) };
    case 'random':
      return { name, datagram: random.bytes(random.int(0, randomMax)) };
  }
}

function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = bytes.slice();
  for (let count = random.int(1, 8); count > 0; count -= 1) {
    const at = random.int(0, changed.length - 1);
    const before = changed[at] ?? 0;
    changed[at] = random.chance(0.5)
      ? before ^ (1 << random.int(0, 7))
      : random.pick([0, 1, 127, 128, 255]);
  }
  return changed;
}
