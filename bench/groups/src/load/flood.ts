/**
 * Rooms under load: who publishes when, how many deliveries came, how late, and whether each client got
 * everything in order.
 */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { Listener, WireClient } from '../wire/wire.ts';
import { clientOf, each } from './crowd.ts';
import { numberOf, payloadOf, publisherOf, sentUs } from './payload.ts';
import { cpuMicroseconds, rssMb } from './process-usage.ts';
import type { Flood, Measured, Phase, Target } from './task.ts';
import { passed, warmUp } from './warm-up.ts';

/** Members whose deliveries are timed and checked for gaps: every one of so many. */
const sampledOf = 20;
const rateTickMs = 1;
/** A phase that follows waits until what was published has come. */
const settleMs = 500;

export class FloodLoad implements Listener {
  readonly #target: Target;
  readonly #flood: Flood;
  readonly #members: WireClient[] = [];
  readonly #rooms: readonly string[];
  #publisher: WireClient | null = null;
  #phase: Phase = { kind: 'rate', deliveriesPerSecond: 0 };
  #latency: RecordableHistogram = createHistogram();
  /** The last number that each client published. */
  readonly #numbers: number[] = [];
  readonly #lastNumbers = new Map<number, number>();
  #deliveries = 0;
  #published = 0;
  #nextPublishAt = 0;
  #readers = 0;
  readonly #fail: (problem: string) => void;
  #finished = false;

  constructor(target: Target, flood: Flood, fail: (problem: string) => void) {
    this.#target = target;
    this.#flood = flood;
    this.#fail = fail;
    this.#rooms = Array.from({ length: flood.rooms }, (_, room) => `room-${room}`);
  }

  async run(): Promise<readonly Measured[]> {
    await this.#open();
    const measured: Measured[] = [];
    for (const phase of this.#flood.phases) {
      measured.push(await this.#measure(withRate(phase, measured)));
      if (measured.length === 1) this.#stall();
    }
    this.#finished = true;
    return measured;
  }

  message(client: WireClient, bytes: Buffer, at: number): void {
    this.#deliveries += 1;
    client.received += 1;
    if (client.index % sampledOf === 0) this.#sample(client, bytes, at);
    const { kind } = this.#phase;
    if (kind === 'window') {
      while (this.#deliveries >= this.#nextPublishAt) this.#publishOne(nowUs());
    } else if (kind === 'own echo' && publisherOf(bytes, at) === client.index) {
      this.#publish(client, nowUs());
    }
  }

  acknowledged(): void {}

  broken(problem: string): void {
    if (!this.#finished) this.#fail(problem);
  }

  async #open(): Promise<void> {
    const { peer, port } = this.#target;
    const { rooms, membersPerRoom } = this.#flood;
    for (let index = 0; index < rooms * membersPerRoom; index += 1) {
      const room = this.#rooms[index % rooms] ?? '';
      this.#members.push(clientOf(peer, { port, index, room, listener: this }));
    }
    await each(this.#members, (member) => member.open());
    this.#publisher = clientOf(peer, {
      port,
      index: this.#members.length,
      room: null,
      listener: this,
    });
    await this.#publisher.open();
    this.#readers = this.#members.length;
  }

  #stall(): void {
    const { stalled } = this.#flood;
    this.#readers = this.#members.length - stalled;
    for (const member of this.#members.slice(this.#readers)) member.pause();
  }

  async #measure(phase: Phase): Promise<Measured> {
    const { pid } = this.#target;
    const rssBeforeMb = rssMb(pid);
    const stop = this.#begin(phase);
    const byCount = phase.kind === 'window' || phase.kind === 'own echo';
    await warmUp(() => this.#published, byCount);
    this.#latency = createHistogram();
    const deliveries = this.#deliveries;
    const cpu = cpuMicroseconds(pid);
    const began = performance.now();
    await passed(this.#flood.seconds * 1_000);
    const seconds = (performance.now() - began) / 1_000;
    const count = this.#deliveries - deliveries;
    const used = cpuMicroseconds(pid) - cpu;
    const latency = this.#latency;
    const rssAfterMb = rssMb(pid);
    stop();
    await passed(settleMs);
    return {
      perSecond: count / seconds,
      cpuMicrosecondsEach: used / count,
      p50Ms: latency.percentile(50) / 1_000,
      p99Ms: latency.percentile(99) / 1_000,
      rssBeforeMb,
      rssAfterMb,
    };
  }

  #begin(phase: Phase): () => void {
    this.#phase = phase;
    if (phase.kind === 'window') {
      this.#nextPublishAt = this.#deliveries - (phase.window - 1) * this.#readers;
      for (let i = 0; i < phase.window; i += 1) this.#publishOne(nowUs());
    } else if (phase.kind === 'own echo') {
      for (const member of this.#members) this.#publish(member, nowUs());
    } else if (phase.kind === 'rate') {
      return this.#atRate(phase.deliveriesPerSecond / this.#readers);
    }
    return () => {
      this.#phase = { kind: 'rate', deliveriesPerSecond: 0 };
    };
  }

  /** What should have been published by now counts as sent when it should have been. */
  #atRate(perSecond: number): () => void {
    const began = nowUs();
    let sent = 0;
    const timer = setInterval(() => {
      const due = Math.floor(((nowUs() - began) / 1e6) * perSecond);
      for (; sent < due; sent += 1) this.#publishOne(began + ((sent + 1) / perSecond) * 1e6);
    }, rateTickMs);
    return () => clearInterval(timer);
  }

  #publishOne(sentAtUs: number): void {
    this.#nextPublishAt += this.#readers;
    if (this.#publisher !== null) this.#publish(this.#publisher, sentAtUs);
  }

  #publish(client: WireClient, sentAtUs: number): void {
    const room = this.#rooms[client.index % this.#rooms.length] ?? '';
    const number = this.#nextNumber(client.index);
    this.#published += 1;
    client.publish(room, payloadOf(this.#flood.payloadBytes, sentAtUs, client.index, number));
  }

  #nextNumber(publisher: number): number {
    const number = (this.#numbers[publisher] ?? 0) + 1;
    this.#numbers[publisher] = number;
    return number;
  }

  #sample(client: WireClient, bytes: Buffer, at: number): void {
    this.#latency.record(Math.max(1, Math.round(nowUs() - sentUs(bytes, at))));
    const publisher = publisherOf(bytes, at);
    const number = numberOf(bytes, at);
    const key = client.index * 1_000_000 + publisher;
    const last = this.#lastNumbers.get(key) ?? 0;
    if (number !== last + 1) {
      this.broken(`client ${client.index} got number ${number} of ${publisher} after ${last}`);
    }
    this.#lastNumbers.set(key, number);
  }
}

/** A share is of the rate that the first phase reached. */
function withRate(phase: Phase, measured: readonly Measured[]): Phase {
  if (phase.kind !== 'share') return phase;
  return { kind: 'rate', deliveriesPerSecond: phase.share * (measured[0]?.perSecond ?? 0) };
}

export function nowUs(): number {
  return performance.now() * 1_000;
}
