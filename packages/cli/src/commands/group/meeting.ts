/** Where the members of a group across machines meet, as the command line says: at seeds, or at an address of IP multicast. */
import { isIPv4 } from 'node:net';
import type { NetworkOptions } from '@choir/process-group';
import type { Given } from '../../arguments/given.ts';
import { listenAddress, ownAddress, usage, wholeNumber } from '../../arguments/values.ts';
import { Failure } from '../../failure.ts';

type Address = { readonly host: string; readonly port: number };

export type Meeting =
  | {
      readonly kind: 'unicast';
      /** Where this process is reached; port 0 is any. */
      readonly own: Address;
      /** `HOST:PORT`, without this process. */
      readonly seeds: readonly string[];
    }
  | {
      readonly kind: 'multicast';
      /** The address of the interface. */
      readonly interface: string;
      readonly group: Address;
    };

const usualPort = 7_500;
const examples = 'Example: --listen 192.0.2.7 --multicast 239.1.2.3:7500';

/** @param listen as `--listen` says @throws Failure for what is no address, or does not go together */
export function meetingOf(listen: string, given: Given): Meeting {
  const own = ownAddress('--listen', listen);
  const multicast = given.text('multicast');
  if (multicast !== undefined) return atMulticast(own, listen, multicast, given);
  checkReachable(own, listen);
  for (const seed of given.list('seed')) checkSeed(seed);
  // All machines may be given one list: nobody is its own seed.
  const seeds = given.list('seed').filter((seed) => !isOwn(seed, own));
  return { kind: 'unicast', own, seeds };
}

/** Whether there is somebody, or a place, to ask for the group. */
export function canAsk(meeting: Meeting): boolean {
  return meeting.kind === 'multicast' || meeting.seeds.length > 0;
}

/** @param port of this process, by unicast */
export function networkOf(meeting: Meeting, port: number): NetworkOptions {
  if (meeting.kind === 'unicast') {
    return { kind: 'unicast', host: meeting.own.host, port, seeds: meeting.seeds };
  }
  const { host: address, port: groupPort } = meeting.group;
  return { kind: 'multicast', interface: meeting.interface, address, port: groupPort };
}

/** Where the group is asked for. */
export function placeText(meeting: Meeting): string {
  if (meeting.kind === 'unicast') return meeting.seeds.join(', ');
  return `${multicastText(meeting.group)} on ${meeting.interface}`;
}

export function multicastText({ host, port }: Address): string {
  return `${host}:${port}`;
}

function atMulticast(own: Address, listen: string, text: string, given: Given): Meeting {
  if (given.flag('seed')) {
    throw usage('--seed and --multicast: which of the two? By multicast members need no seeds.');
  }
  if (!isIPv4(own.host) || own.host === '0.0.0.0') {
    throw usage(
      `--listen: with --multicast it is the IPv4 address of one interface of this machine, not "${listen}".`,
      examples,
    );
  }
  if (own.port !== 0) {
    throw usage(
      `--listen: with --multicast it has no port, not "${listen}": the port stands with --multicast.`,
      examples,
    );
  }
  return { kind: 'multicast', interface: own.host, group: multicastAddress(text) };
}

function multicastAddress(text: string): Address {
  const [, host = '', port = String(usualPort)] = /^([\d.]+)(?::(\d+))?$/.exec(text) ?? [];
  const first = Number.parseInt(host, 10);
  if (!isIPv4(host) || first < 224 || first > 239) {
    throw usage(
      `--multicast: "${text}" is no address of IPv4 multicast (224.0.0.0 to 239.255.255.255).`,
      examples,
    );
  }
  return { host, port: wholeNumber('--multicast: the port', port, { min: 1, max: 65_535 }) };
}

/** @throws Failure for an address that stands for all interfaces, or for several hosts, or is of use on this machine alone */
function checkReachable({ host }: Address, listen: string): void {
  const isOfOne = !/^[0.:]+$/.test(host) && !host.includes('%');
  if (isOfOne && !(isIPv4(host) && Number.parseInt(host, 10) >= 224)) return;
  throw new Failure(
    'address',
    `--listen: others cannot reach this process at "${listen}".`,
    'It has to be the IP address of one interface of this machine. Example: 192.0.2.7:7500',
  );
}

function checkSeed(seed: string): void {
  const { port } = listenAddress('--seed', seed);
  if (port === 0) throw usage(`--seed: "${seed}" has no port. Example: 192.0.2.7:7500`);
}

function isOwn(seed: string, own: Address): boolean {
  const { host, port } = listenAddress('--seed', seed);
  return host === own.host && port === own.port;
}
