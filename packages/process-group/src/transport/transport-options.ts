/** How a transport is opened: what the drivers are given, of which they check the values. */
import type { HostOptions, MulticastOptions, UnicastOptions } from '@choir/drivers';
import { defaultSettings } from '@choir/ftmp';
import {
  checkFunction,
  checkWord,
  type OptionChecks,
  optionError,
  optionsCheck,
  shown,
} from '../arguments.ts';

/** As for a processor; who was excluded comes back by itself, as a new member. */
export type TransportOptions = Omit<HostOptions, 'rejoin'>;

/** What belongs to a process, wherever it is reached. */
export type ProcessOptions = Pick<
  TransportOptions,
  'settings' | 'stalledMs' | 'trace' | 'onWarning'
>;

/** The drivers refuse what is wrong. */
const byDrivers = (): void => {};

export const processChecks: OptionChecks<ProcessOptions> = {
  settings: checkSettings,
  stalledMs: byDrivers,
  trace: byDrivers,
  onWarning: checkFunction('onWarning'),
};

const checkNames = optionsCheck<TransportOptions>('Transport.open', {
  ...processChecks,
  network: checkNetwork,
  keys: checkKeys,
  insecure: byDrivers,
  processorNumber: byDrivers,
});

const checkUnicast = optionsCheck<UnicastOptions>('network', {
  kind: byDrivers,
  host: byDrivers,
  port: byDrivers,
  advertise: byDrivers,
  seeds: checkSeeds,
});

const checkMulticast = optionsCheck<MulticastOptions>('network', {
  kind: byDrivers,
  interface: byDrivers,
  address: byDrivers,
  port: byDrivers,
  advertise: byDrivers,
});

/** @throws GroupError `group-option` for a name that is none, and a network that is none */
export function checkTransport(options: TransportOptions): void {
  checkNames(options);
  if (options.network === undefined) checkNetwork(options.network);
}

const checkKind = checkWord('network.kind', ['unicast', 'multicast']);

function checkNetwork(network: unknown): void {
  if (typeof network !== 'object' || network === null) {
    throw optionError(
      `network is an object, not ${shown(network)}: give one such as { kind: "unicast", host: "127.0.0.1" }.`,
    );
  }
  const kind = 'kind' in network ? network.kind : undefined;
  checkKind(kind);
  if (kind === 'unicast') checkUnicast(network);
  else checkMulticast(network);
}

function checkSeeds(seeds: unknown): void {
  const list: readonly unknown[] = Array.isArray(seeds) ? seeds : [seeds];
  const wrong = list.find((seed) => typeof seed !== 'string');
  if (Array.isArray(seeds) && wrong === undefined) return;
  throw optionError(
    `network.seeds is an array of addresses, not ${shown(Array.isArray(seeds) ? wrong : seeds)}: write ["192.0.2.7:7500"].`,
  );
}

/** Whether there are enough, and none twice, the drivers check. */
function checkKeys(keys: unknown): void {
  if (Array.isArray(keys) && keys.every(isKey)) return;
  throw optionError(
    'keys is an array of { id, key }, a number and a Uint8Array: read them from a file, with readKeys.',
  );
}

function isKey(value: unknown): boolean {
  const is = typeof value === 'object' && value !== null && 'id' in value && 'key' in value;
  return is && typeof value.id === 'number' && value.key instanceof Uint8Array;
}

function checkSettings(settings: unknown): void {
  if (typeof settings !== 'object' || settings === null) {
    throw optionError(`settings is an object, not ${shown(settings)}: write { name: value }.`);
  }
  const known = Object.keys(defaultSettings);
  const unknown = Object.keys(settings).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw optionError(
    `settings has no ${shown(unknown)}: it has ${known.join(', ')}. Correct the name, or leave it out.`,
  );
}
