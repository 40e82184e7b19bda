/** Ours as a system under load: a process on each host, joined over IP multicast. */
import type { Host, Namespaces } from '@choir/testkit/node';
import type { Load, Report } from '../load.ts';
import { reportsOf } from '../programs.ts';
import type { System } from '../system.ts';
import { Views } from '../views.ts';
import type { Command, NodeOptions, Told } from './node-message.ts';
import { NodeProcess } from './node-process.ts';

/** Until a node that was opened is in a view with the others. */
const joinedWithinMs = 20_000;
/** Beyond its time of sending: what is queued to be delivered. */
const loadPatienceMs = 60_000;
const multicast = { kind: 'multicast', address: '239.192.99.1', port: 7_800 } as const;

/** How the node of a host takes part; that of the first host makes the group. */
export function nodeOptions({ address, number }: Host, encrypted: boolean): NodeOptions {
  return {
    network: { ...multicast, interface: address },
    processorNumber: number,
    encrypted,
    init: number === 1,
  };
}

export class NodeGroup implements System {
  readonly #path: string;
  readonly #encrypted: boolean;
  #nodes: readonly NodeProcess<Command, Told>[] = [];

  /** @param path of the program of a node (`member.ts`) */
  constructor(path: string, encrypted: boolean) {
    this.#path = path;
    this.#encrypted = encrypted;
  }

  async start(network: Namespaces): Promise<void> {
    const { hosts } = network;
    const nodes = hosts.map((host) => new NodeProcess<Command, Told>(network, host, this.#path));
    this.#nodes = nodes;
    for (const host of hosts) {
      const node = nodes[host.number - 1];
      node?.tell({ kind: 'open', options: nodeOptions(host, this.#encrypted) });
      await node?.until('view', joinedWithinMs, ({ members }) => members === host.number);
    }
    const isWhole = ({ members }: Told): boolean => members === hosts.length;
    await Promise.all(nodes.map((node) => node.until('view', joinedWithinMs, isWhole)));
  }

  run(load: Load): Promise<readonly Report[]> {
    for (const [at, node] of this.#nodes.entries()) {
      node.tell({ kind: 'run', load, sends: at < load.senders });
    }
    const programs = this.#nodes.map((node) => node.program);
    const sendingMs = (load.seconds + load.warmUpSeconds) * 1_000;
    return reportsOf(programs, sendingMs + loadPatienceMs);
  }

  async watch(): Promise<Views> {
    const sinceNs = process.hrtime.bigint();
    const views = new Views(this.#nodes.map((node) => node.program));
    for (const node of this.#nodes) node.tell({ kind: 'watch' });
    const all = this.#nodes.map((_, at) => at + 1);
    await views.until(all, all.length, { sinceNs, withinMs: joinedWithinMs });
    return views;
  }

  kill(node: number): void {
    void this.#nodes[node - 1]?.program.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.program.end('SIGKILL')));
    this.#nodes = [];
  }
}
