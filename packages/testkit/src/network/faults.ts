/**
 * The faults of the network, for a fault plan. One sentence each; all of them leave the network as
 * it was once healed, except that what was cut stays cut.
 */
import type { Fault, Strike } from '../fault-plan.ts';
import type { Random } from '../random.ts';
import type { Connection } from './connection.ts';
import type { Network } from './network.ts';

export const networkFaultNames = [
  /** A connection breaks and both ends learn of it, each in its own time. */
  'cut',
  /** It breaks, and one end learns at once, the other much later. */
  'half-open',
  /** It breaks, and nobody is told. */
  'silent-cut',
  /** For a while nothing arrives, in either direction. */
  'stall',
  /** For a while nothing arrives in one direction. */
  'one-way-stall',
  /** For a while two hosts do not reach each other, and new connections fail too. */
  'partition',
  /** The same, in one direction. */
  'one-way-partition',
] as const;

export type NetworkFaultName = (typeof networkFaultNames)[number];

export type NetworkFaultOptions = {
  readonly weights: Readonly<Record<NetworkFaultName, number>>;
  /** Stalls and partitions last between these two: short ones are more likely. */
  readonly lastMs: readonly [number, number];
  /** The longest time until an end that learns late is told. */
  readonly learnMsMax: number;
};

type Blow<Message> = {
  readonly network: Network<Message>;
  readonly connection: Connection<Message>;
  readonly random: Random;
  readonly lastMs: number;
  readonly learnMsMax: number;
};

export function networkFaults<Message>(
  network: Network<Message>,
  options: NetworkFaultOptions,
): Fault[] {
  return networkFaultNames.map((name) => ({
    name,
    weight: options.weights[name],
    strike: (random) => strike(name, network, options, random),
  }));
}

function strike<Message>(
  name: NetworkFaultName,
  network: Network<Message>,
  options: NetworkFaultOptions,
  random: Random,
): Strike | null {
  const open = network.connections().filter((connection) => connection.whole);
  if (open.length === 0) return null;
  const connection = random.pick(open);
  const [shortest, longest] = options.lastMs;
  const lastMs = shortest * (longest / shortest) ** random.unit();
  const bit = connection.in(0).inFlight + connection.in(1).inFlight > 0;
  const hit = `${connection.hosts[0]}-${connection.hosts[1]}#${connection.id}`;
  const { learnMsMax } = options;
  const heal = deal(name, { network, connection, random, lastMs, learnMsMax });
  // A block or a stall of some length meets traffic sooner or later; only a cut may miss it.
  return heal === null ? { hit, bit } : { hit, bit: true, heal: { afterMs: lastMs, act: heal } };
}

/** Does it, and returns how to undo it; null when it cannot be undone. */
function deal<Message>(name: NetworkFaultName, blow: Blow<Message>): (() => void) | null {
  const { network, connection, random, learnMsMax } = blow;
  const [one, two] = connection.hosts;
  switch (name) {
    case 'cut':
      connection.cut([random.between(0, learnMsMax), random.between(0, learnMsMax)]);
      return null;
    case 'half-open': {
      const late = random.chance(0.5) ? null : random.between(learnMsMax / 2, learnMsMax);
      connection.cut(random.chance(0.5) ? [0, late] : [late, 0]);
      return null;
    }
    case 'silent-cut':
      connection.cut([null, null]);
      return null;
    case 'stall':
      return stall(blow, [0, 1]);
    case 'one-way-stall':
      return stall(blow, [random.chance(0.5) ? 0 : 1]);
    case 'partition':
      network.part([one], [two]);
      return () => network.join([one], [two]);
    case 'one-way-partition': {
      const [from, to] = random.chance(0.5) ? [one, two] : [two, one];
      network.block(from, to);
      return () => network.unblock(from, to);
    }
  }
}

function stall<Message>(blow: Blow<Message>, sides: readonly (0 | 1)[]): () => void {
  for (const side of sides) blow.connection.stall(side, blow.lastMs);
  return () => {
    for (const side of sides) blow.connection.unstall(side);
  };
}
