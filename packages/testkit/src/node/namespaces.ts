/**
 * A network inside the machine: hosts, each a network namespace of its own, joined by a bridge in a further
 * one. Nothing of it touches the machine's own interfaces, and nothing in it reaches them.
 *
 * N1. Every name is new to the machine (`namespace-names.ts`).
 * N2. When the network is removed, or the process ends in any way that it can see (return, exception, exit,
 *     SIGINT, SIGTERM, SIGHUP), everything that was made is gone, and so is every process that ran in it.
 * N3. What a process left behind that was killed is removed by the next one that makes a network.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { type Cut, type LinkState, scriptFor, untouched } from './link-rules.ts';
import { abandonedNames, freshPrefix, namesWith, removeNamespace } from './namespace-names.ts';
import { onProcessEnd } from './process-end.ts';
import { administratorEnv, runCommand } from './run-command.ts';

export type NamespacesOptions = {
  /** How many hosts, 1 to 200. */
  readonly hosts: number;
  /** The largest IP packet in bytes, 576 to 65,535; 1,500 when not given. */
  readonly mtuBytes?: number;
};

export type Host = {
  /** From 1. */
  readonly number: number;
  /** 10.99.0.NUMBER, the address of its `eth0`. */
  readonly address: string;
  /** The name of its namespace on the machine. */
  readonly namespace: string;
};

export class NamespacesError extends Error {
  override readonly name = 'NamespacesError';
  readonly code: 'namespaces-option' | 'namespaces-not-up' | 'namespaces-left';
  constructor(code: NamespacesError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const hostsMax = 200;
const mtuBytesMin = 576;
const mtuBytesMax = 65_535;
const upWithinMs = 10_000;
const pollMs = 10;

/**
 * Makes a network. Resolves when packets get through.
 *
 * @throws NamespacesError for options out of range, or when its links do not come up
 * @throws CommandError when a command fails; ask `canMakeNamespaces` first
 */
export async function makeNamespaces(options: NamespacesOptions): Promise<Namespaces> {
  const { hosts, mtuBytes = 1_500 } = options;
  check('hosts', hosts, 1, hostsMax);
  check('mtuBytes', mtuBytes, mtuBytesMin, mtuBytesMax);
  for (const name of abandonedNames()) removeNamespace(name);
  const network = new Namespaces(hosts, mtuBytes);
  try {
    await network.up();
    return network;
  } catch (error) {
    network.remove();
    throw error;
  }
}

export class Namespaces {
  readonly hosts: readonly Host[];
  readonly #prefix = freshPrefix();
  readonly #bridge = `${this.#prefix}-bridge`;
  readonly #interfacesBefore = new Set(machineInterfaces());
  readonly #forget = onProcessEnd(() => this.remove());
  #state: LinkState = untouched;

  constructor(hosts: number, mtuBytes: number) {
    this.hosts = Array.from({ length: hosts }, (_, at) => ({
      number: at + 1,
      address: `10.99.0.${at + 1}`,
      namespace: `${this.#prefix}-${at + 1}`,
    }));
    try {
      this.#make(mtuBytes);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Resolves when every host's link carries packets. */
  async up(): Promise<void> {
    const deadline = performance.now() + upWithinMs;
    while (!this.#isForwarding()) {
      if (performance.now() > deadline) {
        throw new NamespacesError('namespaces-not-up', 'The links of the network did not come up.');
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /**
   * Starts a command on a host. Its process is the command's own: a signal meets it and nothing in between.
   *
   * @param options as for `spawn` of Node.js
   */
  spawn(
    { namespace }: Host,
    command: readonly [string, ...string[]],
    options: SpawnOptions = {},
  ): ChildProcess {
    const env = { ...administratorEnv(), ...options.env };
    return spawn('ip', ['netns', 'exec', namespace, ...command], { ...options, env });
  }

  /** From now on this share of all packets is lost, by chance, on the way to each host: 0 to 100 percent. */
  lose(percent: number): void {
    if (!(percent >= 0 && percent <= 100)) {
      throw new NamespacesError('namespaces-option', `lose: ${percent} is not 0 to 100 percent.`);
    }
    this.#apply({ ...this.#state, lossPercent: percent });
  }

  /** From now on nothing that one of the first sends reaches one of the others. The other way stays open. */
  cutOneWay(from: readonly Host[], to: readonly Host[]): void {
    const cuts = from.flatMap((sender) => to.map((receiver) => cutOf(sender, receiver)));
    this.#apply({ ...this.#state, cuts: [...this.#state.cuts, ...cuts] });
  }

  /** From now on nothing passes between the first and the others, either way. */
  cut(some: readonly Host[], others: readonly Host[]): void {
    this.cutOneWay(some, others);
    this.cutOneWay(others, some);
  }

  /** Everything passes again: no cut, no loss. */
  heal(): void {
    this.#apply(untouched);
  }

  /**
   * Ends every process on the hosts and removes all that was made. May be called again.
   *
   * @throws NamespacesError when anything is left on the machine
   */
  remove(): void {
    this.#forget();
    for (const name of namesWith(this.#prefix)) removeNamespace(name);
    const left = this.left();
    if (left.length === 0) return;
    const message = `The network left on the machine: ${left.join(', ')}. Remove it by ip netns delete.`;
    throw new NamespacesError('namespaces-left', message);
  }

  /** What of this network is on the machine: its namespaces, and interfaces that came out of one. */
  left(): readonly string[] {
    const added = machineInterfaces().filter((name) => !this.#interfacesBefore.has(name));
    return [...namesWith(this.#prefix), ...added];
  }

  #make(mtuBytes: number): void {
    const mtu = String(mtuBytes);
    addNamespace(this.#bridge);
    inside(this.#bridge, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
    inside(this.#bridge, 'link', 'set', 'br0', 'mtu', mtu, 'up');
    for (const host of this.hosts) {
      const { address, namespace } = host;
      const port = portOf(host);
      addNamespace(namespace);
      const peer = ['peer', 'name', 'eth0', 'netns', namespace];
      inside(this.#bridge, 'link', 'add', port, 'type', 'veth', ...peer);
      inside(this.#bridge, 'link', 'set', port, 'mtu', mtu, 'master', 'br0', 'up');
      inside(namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0');
      inside(namespace, 'link', 'set', 'eth0', 'mtu', mtu, 'up');
      inside(namespace, 'route', 'add', '224.0.0.0/4', 'dev', 'eth0');
    }
  }

  #isForwarding(): boolean {
    const ports = runCommand(['ip', 'netns', 'exec', this.#bridge, 'bridge', 'link', 'show']);
    return (
      ports.split('\n').filter((line) => line.includes('state forwarding')).length ===
      this.hosts.length
    );
  }

  #apply(state: LinkState): void {
    runCommand(['ip', 'netns', 'exec', this.#bridge, 'nft', '-f', '-'], scriptFor(state));
    this.#state = state;
  }
}

function check(option: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  const message = `${option}: ${value} is not a whole number from ${least} to ${most}.`;
  throw new NamespacesError('namespaces-option', message);
}

function addNamespace(name: string): void {
  runCommand(['ip', 'netns', 'add', name]);
  inside(name, 'link', 'set', 'lo', 'up');
}

function inside(namespace: string, ...command: readonly string[]): void {
  runCommand(['ip', '-n', namespace, ...command]);
}

function cutOf(sender: Host, receiver: Host): Cut {
  return { from: portOf(sender), to: portOf(receiver) };
}

/** The bridge's end of a host's link. */
function portOf({ number }: Host): string {
  return `host${number}`;
}

/** The machine's interfaces that are named like ours: others come and go without us. */
function machineInterfaces(): readonly string[] {
  return readdirSync('/sys/class/net').filter((name) => /^(br0|host\d+)$/.test(name));
}
