/**
 * One corosync on one host. Its paths are fixed (/etc/corosync, /run and others), so that it lives in a mount
 * namespace of its own where they lead to its folder. A client must enter the same one.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Host, type Namespaces, runCommand } from '@choir/testkit/node';
import { Program } from '../../programs.ts';

const places = [
  ['etc', '/etc/corosync'],
  ['lib', '/var/lib/corosync'],
  ['log', '/var/log/corosync'],
  ['run', '/run'],
  ['shm', '/dev/shm'],
] as const;

const mounts = places.map(([name, place]) => `mount --bind "$1/${name}" ${place}`);
const script = [...mounts, 'shift', 'exec "$@"'].join(' && ');

export class Daemon {
  readonly host: Host;
  readonly #network: Namespaces;
  readonly #program: Program;

  /** @param folder an empty one of its own */
  constructor(network: Namespaces, host: Host, folder: string, configuration: string) {
    this.#network = network;
    this.host = host;
    for (const [name] of places) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'etc', 'corosync.conf'), configuration);
    const mounted = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script] as const;
    const command = [...mounted, 'sh', folder, 'corosync', '-f'] as const;
    const child = network.spawn(host, command, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#program = new Program(`corosync on node ${host.number}`, child);
  }

  /** Whether it is in a quorate cluster of so many nodes. */
  isReady(nodes: number): boolean {
    if (!this.#program.isRunning) throw this.#program.failure;
    // A quorum that is not there, or a daemon that does not answer yet, is told by the exit code.
    const status = runCommand([...this.#enter(), 'sh', '-c', 'corosync-quorumtool -s; true']);
    return /^Quorate: +Yes$/m.test(status) && readNodes(status) === nodes;
  }

  /** Starts a program beside it, which finds it as a client does. */
  spawn(command: readonly [string, ...string[]]): Program {
    const child = this.#network.spawn(this.host, [...this.#enter(), ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Program(`${basename(command[0])} on node ${this.host.number}`, child);
  }

  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    return this.#program.end(signal);
  }

  #enter(): [string, ...string[]] {
    return ['nsenter', '--target', String(this.#program.pid), '--mount', '--net'];
  }
}

function readNodes(status: string): number {
  return Number(/^Nodes: +(\d+)$/m.exec(status)?.[1]);
}
