/**
 * The faults of the datagram network, for a fault plan. One sentence each; all of them leave the
 * network as it was once healed, whatever else stands meanwhile.
 */
import type { Fault, Strike } from '../fault-plan.ts';
import type { Random } from '../random.ts';
import { type DatagramNetwork, fragmentBytes } from './network.ts';
import { cutWays, isCut } from './partitions.ts';
import { TypesSeen } from './types-seen.ts';
import type { Weather } from './weather.ts';

export const datagramFaultNames = [
  /** For a while 20 to 60 % of all copies are lost. */
  'loss-burst',
  /** For a while every datagram of one message type is lost. */
  'drop-type',
  /** For a while one host, or every host, gets only datagrams of one packet, as a system that has no room for more fragments. */
  'drop-fragments',
  /** Two halves do not hear each other. */
  'partition',
  /** One half does not hear the other. */
  'one-way-partition',
  /** Two halves do not hear each other, and both hear one host. */
  'bridge-partition',
  /** One host does not hear one other. */
  'one-way-link',
  /** Two hosts do not hear each other. */
  'cut-link',
  /** One host hears nobody, and nobody hears it. */
  'isolate',
  /** Many datagrams arrive twice. */
  'duplicate-storm',
  /** Many datagrams are overtaken. */
  'reorder-storm',
  /** Some datagrams arrive with a flipped bit. */
  'corrupt-burst',
  /** What one host sends is late by 50 to 500 ms. */
  'delay-spike',
] as const;

export type DatagramFaultName = (typeof datagramFaultNames)[number];

export type DatagramFaultOptions = {
  readonly weights: Readonly<Record<DatagramFaultName, number>>;
  /** Faults last between these two milliseconds: short ones are more likely. */
  readonly lastMs: readonly [number, number];
  /** The message type in a datagram, or null. Default: byte 7, where FTMP has it. */
  readonly typeOf?: (bytes: Uint8Array) => number | null;
  /** Told at the heal of a weather fault how many copies it hit in fact. */
  readonly healed?: (name: DatagramFaultName, hits: number) => void;
};

/** What was sent within this time counts as traffic that a fault meets. */
const recentMs = 250;

/**
 * Faults on `network`. Those that cut ways take their hosts from all that were ever attached, so
 * that a host which returns meanwhile is cut off too. `bit`: there was traffic of the kind that it hits
 * within the last 250 ms.
 */
export function datagramFaults(network: DatagramNetwork, options: DatagramFaultOptions): Fault[] {
  const types = new TypesSeen(network, options.typeOf ?? ftmpType);
  return datagramFaultNames.map((name) => ({
    name,
    weight: options.weights[name],
    strike: (random) => {
      const [shortest, longest] = options.lastMs;
      const lastMs = shortest * (longest / shortest) ** random.unit();
      return isCut(name)
        ? cut(network, cutWays(name, network.hosts(), random), lastMs)
        : spoil(name, network, { types, random, lastMs, healed: options.healed });
    },
  }));
}

function cut(
  network: DatagramNetwork,
  choice: ReturnType<typeof cutWays>,
  lastMs: number,
): Strike | null {
  if (choice === null) return null;
  const { hit, ways } = choice;
  const bit = ways.some(([from, to]) => network.isBusy(from, to, recentMs));
  for (const [from, to] of ways) network.block(from, to);
  const act = (): void => {
    for (const [from, to] of ways) network.unblock(from, to);
  };
  return { hit, bit, heal: { afterMs: lastMs, act } };
}

type Spoiling = {
  readonly types: TypesSeen;
  readonly random: Random;
  readonly lastMs: number;
  readonly healed: DatagramFaultOptions['healed'];
};

type WeatherFault = Exclude<DatagramFaultName, Parameters<typeof cutWays>[0]>;

function spoil(
  name: WeatherFault,
  network: DatagramNetwork,
  { types, random, lastMs, healed }: Spoiling,
): Strike | null {
  const choice = weatherOf(name, network, types, random);
  if (choice === null) return null;
  const { hit, bit, weather } = choice;
  const spell = network.impose(weather);
  const act = (): void => {
    spell.lift();
    healed?.(name, spell.hits);
  };
  return { hit, bit, heal: { afterMs: lastMs, act } };
}

type WeatherChoice = { readonly hit: string; readonly bit: boolean; readonly weather: Weather };

function weatherOf(
  name: WeatherFault,
  network: DatagramNetwork,
  types: TypesSeen,
  random: Random,
): WeatherChoice | null {
  const hosts = network.hosts();
  const isBusy = (from: string): boolean => hosts.some((to) => network.isBusy(from, to, recentMs));
  const everywhere = (weather: Weather): WeatherChoice => ({
    hit: 'all',
    bit: hosts.some(isBusy),
    weather,
  });
  switch (name) {
    case 'loss-burst':
      return everywhere({ loss: random.between(0.2, 0.6) });
    case 'duplicate-storm':
      return everywhere({ duplicate: random.between(0.3, 0.9) });
    case 'reorder-storm':
      return everywhere({
        reorder: random.between(0.3, 0.9),
        reorderMsMax: random.between(20, 200),
      });
    case 'corrupt-burst':
      return everywhere({ corrupt: random.between(0.02, 0.3) });
    case 'drop-type': {
      const type = types.draw(random);
      if (type === null) return null;
      const only = (bytes: Uint8Array): boolean => types.typeOf(bytes) === type;
      const weather = { loss: 1, only };
      return { hit: `type ${type}`, bit: types.isRecent(type, recentMs), weather };
    }
    case 'drop-fragments': {
      if (hosts.length === 0) return null;
      const host = random.chance(0.5) ? random.pick(hosts) : null;
      const only = (bytes: Uint8Array, _: string, to: string): boolean =>
        bytes.length > fragmentBytes && (host === null || to === host);
      return { hit: host ?? 'all', bit: hosts.some(isBusy), weather: { loss: 1, only } };
    }
    case 'delay-spike': {
      if (hosts.length === 0) return null;
      const host = random.pick(hosts);
      const only = (_: Uint8Array, from: string): boolean => from === host;
      const weather = { delayMs: random.between(50, 500), only };
      return { hit: host, bit: isBusy(host), weather };
    }
  }
}

function ftmpType(bytes: Uint8Array): number | null {
  return bytes[7] ?? null;
}
