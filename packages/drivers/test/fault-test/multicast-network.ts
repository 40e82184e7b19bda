// Hosts that are network namespaces, joined by a bridge, with IP multicast: needs root.
import type { ChildProcess } from 'node:child_process';
import { type Host, makeNamespaces, type Namespaces } from '@choir/testkit/node';
import type { NetworkOptions } from '../../src/index.ts';
import { type LinkNetwork, stdio } from './link-network.ts';

const group = { address: '239.192.7.1', port: 7_800 } as const;

export class MulticastHosts implements LinkNetwork {
  readonly about = 'IP multicast between network namespaces, losses and cuts by nft';
  readonly #namespaces: Namespaces;

  private constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces;
  }

  static async make(hosts: number): Promise<MulticastHosts> {
    return new MulticastHosts(await makeNamespaces({ hosts }));
  }

  async place(
    processor: number,
    program: string,
  ): Promise<{ child: ChildProcess; network: NetworkOptions }> {
    const host = this.#host(processor);
    const child = this.#namespaces.spawn(host, [process.execPath, program], { stdio });
    return { child, network: { kind: 'multicast', ...group, interface: host.address } };
  }

  lose(percent: number): void {
    this.#namespaces.lose(percent);
  }

  cutOneWay(from: readonly number[], to: readonly number[]): void {
    this.#namespaces.cutOneWay(from.map(this.#host), to.map(this.#host));
  }

  heal(): void {
    this.#namespaces.heal();
  }

  async remove(): Promise<readonly string[]> {
    this.#namespaces.remove();
    return this.#namespaces.left();
  }

  readonly #host = (processor: number): Host => {
    const host = this.#namespaces.hosts[processor - 1];
    if (host === undefined) throw new RangeError(`there is no host ${processor}`);
    return host;
  };
}
