/** The faults that cut ways between hosts: which ways each of them cuts. */
import type { Random } from '../random.ts';

export type CutName =
  | 'partition'
  | 'one-way-partition'
  | 'bridge-partition'
  | 'one-way-link'
  | 'cut-link'
  | 'isolate';

const cuts: ReadonlySet<string> = new Set<CutName>([
  'partition',
  'one-way-partition',
  'bridge-partition',
  'one-way-link',
  'cut-link',
  'isolate',
]);

export function isCut(name: string): name is CutName {
  return cuts.has(name);
}

/** From, to. */
export type WayNames = readonly [from: string, to: string];

export type Cut = { readonly hit: string; readonly ways: readonly WayNames[] };

/** Draws which ways are cut; null when there are too few hosts for it. */
export function cutWays(name: CutName, hosts: readonly string[], random: Random): Cut | null {
  if (hosts.length < (name === 'bridge-partition' ? 3 : 2)) return null;
  const drawn = random.shuffle([...hosts]);
  switch (name) {
    case 'partition': {
      const [some, others] = halve(drawn, random);
      return { hit: `${some.join(',')} | ${others.join(',')}`, ways: bothWays(some, others) };
    }
    case 'one-way-partition': {
      const [some, others] = halve(drawn, random);
      return { hit: `${some.join(',')} > ${others.join(',')}`, ways: oneWay(some, others) };
    }
    case 'bridge-partition': {
      const [bridge, ...rest] = drawn;
      const [some, others] = halve(rest, random);
      const hit = `${some.join(',')} | ${others.join(',')} around ${bridge}`;
      return { hit, ways: bothWays(some, others) };
    }
    case 'one-way-link':
      return {
        hit: `${drawn[0]} > ${drawn[1]}`,
        ways: oneWay(drawn.slice(0, 1), drawn.slice(1, 2)),
      };
    case 'cut-link':
      return {
        hit: `${drawn[0]} | ${drawn[1]}`,
        ways: bothWays(drawn.slice(0, 1), drawn.slice(1, 2)),
      };
    case 'isolate':
      return { hit: `${drawn[0]}`, ways: bothWays(drawn.slice(0, 1), drawn.slice(1)) };
  }
}

/** Two parts, neither of them empty. */
function halve(hosts: readonly string[], random: Random): [string[], string[]] {
  const at = random.int(1, hosts.length - 1);
  return [hosts.slice(0, at), hosts.slice(at)];
}

function oneWay(from: readonly string[], to: readonly string[]): WayNames[] {
  return from.flatMap((one) => to.map((other) => [one, other] as const));
}

function bothWays(some: readonly string[], others: readonly string[]): WayNames[] {
  return [...oneWay(some, others), ...oneWay(others, some)];
}
