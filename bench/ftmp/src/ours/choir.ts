/** Ours as a system under load: a process on each host, joined over IP multicast. */
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Host, Namespaces } from '@choir/testkit/node';
import type { Load, Report } from '../load.ts';
import { Program, ProgramError, reportsOf } from '../programs.ts';
import type { System } from '../system.ts';
import { Views } from '../views.ts';
import type { Command, Told } from './node-message.ts';

const program = fileURLToPath(new URL('./node.ts', import.meta.url));
const joinedWithinMs = 20_000;
/** Beyond its time of sending: what is queued to be delivered. */
const loadPatienceMs = 60_000;
const multicast = { kind: 'multicast', address: '239.192.99.1', port: 7_800 } as const;

class Node {
  readonly program: Program;
  readonly #news = new EventEmitter();
  readonly #child: ReturnType<Namespaces['spawn']>;
  #members = 0;

  constructor(network: Namespaces, host: Host) {
    this.#child = network.spawn(host, [process.execPath, program], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.program = new Program(`node ${host.number}`, this.#child);
    this.#child.on('message', ({ members }: Told) => {
      this.#members = members;
      this.#news.emit('view');
    });
  }

  tell(command: Command): void {
    this.#child.send(command);
  }

  async inView(members: number): Promise<void> {
    const late = AbortSignal.timeout(joinedWithinMs);
    while (this.#members !== members) {
      await once(this.#news, 'view', { signal: late }).catch(() => {
        if (!this.program.isRunning) throw this.program.failure;
        throw new ProgramError(`The nodes were not one group after ${joinedWithinMs} ms.`);
      });
    }
  }
}

export class Choir implements System {
  readonly name: 'choir' | 'choir-encrypted';
  #nodes: readonly Node[] = [];

  constructor(name: Choir['name']) {
    this.name = name;
  }

  async start(network: Namespaces): Promise<void> {
    this.#nodes = network.hosts.map((host) => new Node(network, host));
    for (const [at, node] of this.#nodes.entries()) {
      const { address, number } = network.hosts[at] ?? { address: '', number: 0 };
      const init = at === 0;
      const options = {
        network: { ...multicast, interface: address },
        processorNumber: number,
        encrypted: this.name === 'choir-encrypted',
        init,
      };
      node.tell({ kind: 'open', options });
      await node.inView(at + 1);
    }
    await Promise.all(this.#nodes.map((node) => node.inView(this.#nodes.length)));
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
