// Three hosts of this process, each with its thread and its socket, in one group over UDP on loopback, who send each other messages
// all the time. What they say goes through relays, so that those who attack can take recordings of it.
import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { checked, type ProcessorId, type View } from '@choir/ftmp';
import type { Random } from '@choir/testkit';
import { EnvelopeReader } from '../../src/envelope/index.ts';
import {
  type ClusterKey,
  type GroupEvent,
  ProcessorHost,
  type Statistics,
} from '../../src/index.ts';
import { lasts } from '../fault-test/clock.ts';
import { RelayedLoopback } from '../fault-test/relayed-network.ts';
import { quarry as group, type Quarry } from './attacks.ts';
import { Overheard } from './overheard.ts';
import type { Thrown } from './recent.ts';

const processors = 3;
const messageEveryMs = 20;
/** Short ones are left to the collector, the memory of long ones is given back. */
const messageBytes = [64, 2_000, 30_000] as const;
const patienceMs = 20_000;
/** What is meant to be shown is no matter of a machine that is busy with other things. */
const suspicionMinMs = 2_000;
const suspicionMaxMs = 5_000;
/** Who does not tell its figures for so long is busy without end. */
const answerMostMs = 15_000;
/** The last datagrams to each that are kept. */
const thrownKept = 64;

type End = {
  readonly host: ProcessorHost;
  readonly port: number;
  readonly order: ReturnType<typeof createHash>;
  delivered: number;
  readonly thrown: Thrown[];
};

type Counted = { readonly statistics: Statistics; readonly foreign: number };

export class SocketGroup implements Quarry {
  readonly heard = new Overheard();
  /** Who has asked to be let in: nothing speaks against it. */
  readonly comers = new Set<ProcessorId>();
  readonly ends: End[] = [];
  /** What should not happen, and did. */
  readonly failures: string[] = [];
  sent = 0;
  /** Datagrams that the relays passed on, by the place of the receiver. */
  readonly #relayed = Array.from({ length: processors }, () => 0);
  readonly #news = new EventEmitter();
  readonly #keys: readonly ClusterKey[] | null;
  readonly #reader: EnvelopeReader | null;
  #isFormed = false;
  #members = 0;
  #isEnding = false;
  #load: NodeJS.Timeout | null = null;
  #relays: RelayedLoopback | null = null;

  private constructor(keys: readonly ClusterKey[] | null) {
    this.#keys = keys;
    this.#reader = keys === null ? null : new EnvelopeReader(keys);
  }

  /** All are in one view, and send. */
  static async open(random: Random, keys: readonly ClusterKey[] | null): Promise<SocketGroup> {
    const made = new SocketGroup(keys);
    await made.#form(random);
    made.#load = setInterval(() => made.#work(), messageEveryMs);
    return made;
  }

  idOf(at: number): ProcessorId | undefined {
    return this.ends[at]?.host.id;
  }

  /** What each that has not ended counted, and how many of its datagrams were not of the group. */
  async counted(): Promise<readonly Counted[]> {
    const counted = await Promise.all(
      this.ends.map(async ({ host }, at) => {
        const relayed = this.#relayed[at] ?? 0;
        try {
          const statistics = await host.statistics();
          return [{ statistics, foreign: statistics.receivedDatagrams - relayed }];
        } catch {
          // That it has ended is among the failures.
          return [];
        }
      }),
    );
    return counted.flat();
  }

  /** A datagram of somebody is sent to one of them. */
  thrown(at: number, thrown: Thrown): void {
    const all = this.ends[at]?.thrown;
    all?.push(thrown);
    if (all !== undefined && all.length > thrownKept) all.shift();
  }

  /** One of them that tells nothing any more. */
  async busy(): Promise<End | null> {
    for (const end of this.ends) {
      const answer = end.host.statistics().then(
        () => true,
        // That it has ended is among the failures.
        () => true,
      );
      if (!(await Promise.race([answer, lasts(answerMostMs).then(() => false)]))) return end;
    }
    return null;
  }

  /** The load ends, and whether everything was delivered to all in one order. */
  async settle(): Promise<void> {
    if (this.#load !== null) clearInterval(this.#load);
    if (this.failures.length > 0) return;
    const isDelivered = await this.#until(() =>
      this.ends.every(({ delivered }) => delivered === this.sent),
    );
    if (!isDelivered) {
      const counts = this.ends.map(({ delivered }) => delivered).join(', ');
      this.failures.push(`of ${this.sent} messages ${counts} were delivered`);
    }
    const orders = new Set(this.ends.map(({ order }) => order.copy().digest('hex')));
    if (orders.size !== 1) this.failures.push('messages were delivered in different orders');
  }

  async close(): Promise<void> {
    this.#isEnding = true;
    if (this.#load !== null) clearInterval(this.#load);
    await Promise.all(this.ends.map(({ host }) => host.close()));
    await this.#relays?.remove();
  }

  async #form(random: Random): Promise<void> {
    const relays = await RelayedLoopback.make(processors, random, (datagram, to) => {
      this.#relayed[to - 1] = (this.#relayed[to - 1] ?? 0) + 1;
      this.#record(datagram);
    });
    this.#relays = relays;
    const keys = this.#keys;
    const settings = { suspicionMinMs, suspicionMaxMs };
    for (let number = 1; number <= processors; number += 1) {
      const network = await relays.options(number);
      const protection = keys === null ? { insecure: true as const } : { keys };
      const options = { network, processorNumber: number, settings, ...protection };
      const host = await ProcessorHost.open(options);
      const end = {
        host,
        port: network.port,
        order: createHash('sha256'),
        delivered: 0,
        thrown: [],
      };
      this.ends.push(end);
      await host.join(group, {
        init: number === 1,
        listener: (event) => this.#occurred(end, event),
      });
    }
    if (!(await this.#until(() => this.#members === processors * processors))) {
      throw new Error('the group did not form');
    }
    this.#isFormed = true;
  }

  #occurred(end: End, event: GroupEvent): void {
    this.#judge(end, event);
    this.#news.emit('event');
  }

  #judge(end: End, event: GroupEvent): void {
    switch (event.kind) {
      case 'message':
        end.order.update(event.bytes);
        end.delivered += 1;
        return;
      case 'view':
        if (this.#isFormed) this.#judgeView(event.view);
        // The last view of the group is the first one of so many, for each.
        else if (event.view.members.length === processors) this.#members += processors;
        return;
      case 'closed':
        if (!this.#isEnding) this.failures.push(`a processor ended: ${event.error?.message}`);
        return;
      case 'excluded':
      case 'left':
      case 'refused':
      case 'primary':
        this.failures.push(`a processor was told: ${event.kind}`);
        return;
      default:
    }
  }

  /** Nobody goes, and nobody comes but who has asked. */
  #judgeView({ members }: View): void {
    const isWhole = this.ends.every(({ host }) => members.includes(host.id));
    const strange = members.slice(processors).filter((id) => !this.comers.has(id));
    if (isWhole && strange.length === 0 && this.comers.size > 0) return;
    this.failures.push(`a view of ${members.length} was given`);
  }

  #record(datagram: Uint8Array): void {
    const message = this.#opened(datagram);
    if (message !== null) this.heard.record(datagram, message);
  }

  #opened(datagram: Uint8Array): Uint8Array | null {
    if (this.#reader === null) return checked.open(datagram);
    const reading = this.#reader.read(datagram);
    return reading.result === 'data' ? reading.message : null;
  }

  #work(): void {
    for (const [at, { host }] of this.ends.entries()) {
      const bytes = Buffer.alloc(
        messageBytes[Math.floor(this.sent / 3) % messageBytes.length] ?? 0,
      );
      bytes.writeUInt32BE(this.sent);
      bytes[4] = at;
      if (host.trySend(group, bytes, { safe: this.sent % 3 === 0 }) === 'queued') this.sent += 1;
    }
  }

  /** Whether it comes to hold in time. */
  async #until(holds: () => boolean): Promise<boolean> {
    const late = AbortSignal.timeout(patienceMs);
    while (!holds()) {
      if (late.aborted) return false;
      await once(this.#news, 'event', { signal: late }).catch(() => {});
    }
    return true;
  }
}
