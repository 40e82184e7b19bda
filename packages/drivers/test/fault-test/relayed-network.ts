// Unicast on loopback: needs no root. What is for a processor is sent to its front, a socket of this process that passes it on, or
// loses it. Each processor sees each other one at an address of its own, so that answers find their way back.
import { type ChildProcess, fork } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Random } from '@choir/testkit';
import type { UnicastOptions } from '../../src/udp/network.ts';
import { type LinkNetwork, stdio } from './link-network.ts';

const host = '127.0.0.1';

/** Is told of each datagram that is passed on. */
export type Tap = (datagram: Uint8Array, to: number) => void;

export class RelayedLoopback implements LinkNetwork {
  readonly about = 'unicast on loopback through relays, losses and cuts by the relays';
  readonly #random: Random;
  readonly #processors: readonly number[];
  /** Where processors are reached by all. */
  readonly #fronts = new Map<number, Socket>();
  /** `1 2`: what 1 sends is seen by 2 as coming from here. */
  readonly #masks = new Map<string, Socket>();
  /** Bound by the processes: the last one of each processor. */
  readonly #ports = new Map<number, number>();
  readonly #cuts = new Set<string>();
  readonly #tap: Tap;
  #lossPercent = 0;

  private constructor(random: Random, processors: number, tap: Tap) {
    this.#random = random;
    this.#tap = tap;
    this.#processors = Array.from({ length: processors }, (_, at) => at + 1);
  }

  static async make(
    processors: number,
    random: Random,
    tap: Tap = () => {},
  ): Promise<RelayedLoopback> {
    const network = new RelayedLoopback(random, processors, tap);
    for (const one of network.#processors) {
      const front = await bound();
      front.on('message', (datagram, from) => {
        const sender = network.#processorAt(from.port);
        if (sender !== null) network.#pass(sender, one, datagram);
      });
      network.#fronts.set(one, front);
      for (const other of network.#processors) {
        if (one === other) continue;
        const mask = await bound();
        mask.on('message', (datagram) => network.#pass(other, one, datagram));
        network.#masks.set(`${one} ${other}`, mask);
      }
    }
    return network;
  }

  async place(
    processor: number,
    program: string,
  ): Promise<{ child: ChildProcess; network: UnicastOptions }> {
    const network = await this.options(processor);
    return { child: fork(program, { stdio }), network };
  }

  /** What the host of this processor is opened with. */
  async options(processor: number): Promise<UnicastOptions & { readonly port: number }> {
    const reserved = await bound();
    const { port } = reserved.address();
    reserved.close();
    await once(reserved, 'close');
    this.#ports.set(processor, port);
    const seeds = this.#processors.filter((other) => other !== processor).map(this.#address);
    const advertise = this.#address(processor);
    return { kind: 'unicast', host, port, advertise, seeds };
  }

  lose(percent: number): void {
    this.#lossPercent = percent;
  }

  cutOneWay(from: readonly number[], to: readonly number[]): void {
    for (const one of from) for (const other of to) this.#cuts.add(`${one} ${other}`);
  }

  heal(): void {
    this.#lossPercent = 0;
    this.#cuts.clear();
  }

  async remove(): Promise<readonly string[]> {
    const sockets = [...this.#fronts.values(), ...this.#masks.values()];
    this.#fronts.clear();
    this.#masks.clear();
    await Promise.all(
      sockets.map((socket) => new Promise<void>((end) => socket.close(() => end()))),
    );
    return [];
  }

  #pass(from: number, to: number, datagram: Uint8Array): void {
    if (this.#cuts.has(`${from} ${to}`)) return;
    if (this.#random.chance(this.#lossPercent / 100)) return;
    const port = this.#ports.get(to);
    if (port === undefined) return;
    this.#tap(datagram, to);
    this.#masks.get(`${from} ${to}`)?.send(datagram, port, host);
  }

  #processorAt(port: number): number | null {
    for (const [processor, own] of this.#ports) if (own === port) return processor;
    return null;
  }

  readonly #address = (processor: number): string =>
    `${host}:${this.#fronts.get(processor)?.address().port}`;
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4');
  // A process that was killed answers with "port unreachable".
  socket.on('error', () => {});
  socket.bind(0, host);
  await once(socket, 'listening');
  return socket;
}
