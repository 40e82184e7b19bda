/** One member of `choir group bench`: a program of its own, which does what it is told and ends with the process that started it. */
import { rmSync } from 'node:fs';
import { type GroupEvent, joinGroup, type ProcessGroup } from '@choir/process-group';
import type { Mark, Order, Told } from './conversation.ts';
import { stamp, Tally } from './tally.ts';

const progressMs = 1_000;
/** The load takes all of the machine: that somebody is late for it is no reason to remove it. */
const settings = { suspicionMinMs: 3_000, suspicionMaxMs: 10_000 };

class BenchMember {
  readonly #order: Extract<Order, { readonly kind: 'join' }>;
  readonly #group: ProcessGroup;
  /** Deliveries before it is measured; null from then on. */
  #warmUp: number | null = 0;
  #load: Tally | null = null;
  #alone: Tally | null = null;
  #loads = true;
  /** Resolves when the message that was sent alone has come back. */
  #back: PromiseWithResolvers<void> | null = null;

  constructor(order: Extract<Order, { readonly kind: 'join' }>, group: ProcessGroup) {
    this.#order = order;
    this.#group = group;
    setInterval(() => {
      const messages = this.#load?.messages ?? this.#warmUp;
      if (messages !== null) tell({ kind: 'progress', messages });
    }, progressMs).unref();
  }

  async listen(): Promise<void> {
    for await (const event of this.#group) this.#hear(event);
  }

  async obey(order: Exclude<Order, { readonly kind: 'join' }>): Promise<void> {
    switch (order.kind) {
      case 'load':
        for (let number = 0; this.#loads; number += 1) await this.#say('load', number);
        return;
      case 'mark':
        await this.#mark(order.mark);
        return;
      case 'singles':
        await this.#singles(order.forMs);
        return;
      default:
        order satisfies never;
    }
  }

  async #singles(forMs: number): Promise<void> {
    const until = performance.now() + forMs;
    for (let number = 0; performance.now() < until; number += 1) {
      this.#back = Promise.withResolvers();
      await this.#say('single', number);
      await this.#back.promise;
    }
    await this.#mark('over');
  }

  async #say(channel: string, number: number): Promise<void> {
    const bytes = new Uint8Array(this.#order.size);
    stamp(bytes, this.#order.member, number);
    await this.#group.multicast(bytes, { channel });
  }

  async #mark(mark: Mark): Promise<void> {
    await this.#group.multicast(new Uint8Array(0), { channel: mark });
  }

  #hear(event: GroupEvent): void {
    switch (event.kind) {
      case 'view':
        this.#viewed(event.view.members.length, event.view.excluded.length);
        return;
      case 'excluded':
        tell({ kind: 'failed', text: 'the others removed it: the machine is too busy' });
        return;
      case 'message':
        this.#delivered(event.channel, event.bytes);
        return;
      default:
    }
  }

  #viewed(members: number, excluded: number): void {
    if (excluded > 0) {
      tell({ kind: 'failed', text: 'a member was removed: the machine is too busy' });
      return;
    }
    tell({ kind: 'viewed', members });
    if (members === this.#order.members) tell({ kind: 'ready' });
  }

  #delivered(channel: string, bytes: Uint8Array): void {
    switch (channel) {
      case 'load':
        if (this.#warmUp !== null) this.#warmUp += 1;
        this.#load?.take(bytes);
        return;
      case 'single':
        this.#alone ??= new Tally();
        this.#alone.take(bytes);
        this.#back?.resolve();
        return;
      case 'begin':
        this.#warmUp = null;
        this.#load = new Tally();
        tell({ kind: 'begun' });
        return;
      case 'end':
        this.#loads = false;
        if (this.#load !== null) tell({ kind: 'measured', measured: this.#load.measured });
        this.#load = null;
        return;
      case 'over':
        if (this.#alone !== null) tell({ kind: 'alone', latency: this.#alone.latency });
        return;
      default:
    }
  }
}

function tell(told: Told): void {
  // Whoever started it may be gone at any moment, which `disconnect` tells.
  if (process.connected) process.send?.(told, undefined, undefined, () => {});
}

function fail(error: unknown): void {
  tell({ kind: 'failed', text: error instanceof Error ? error.message : String(error) });
}

async function begin(order: Extract<Order, { readonly kind: 'join' }>): Promise<void> {
  const { name, directory, member } = order;
  // Whoever started it may have been killed: then the last one to end leaves nothing behind.
  process.on('disconnect', () => {
    rmSync(directory, { recursive: true, force: true });
    process.exit();
  });
  const group = await joinGroup(name, { directory, label: String(member), settings });
  const bench = new BenchMember(order, group);
  process.on('message', (later: Order) => {
    if (later.kind !== 'join') bench.obey(later).catch(fail);
  });
  await bench.listen();
}

// Ctrl-C reaches all processes of a terminal; the one that started this ends it.
process.on('SIGINT', () => {});
process.once('message', (order: Order) => {
  if (order.kind === 'join') begin(order).catch(fail);
});
