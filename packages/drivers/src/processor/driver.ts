/**
 * The loop around a processor: what arrives is given to it at once, and once in a turn of the event loop it gets its turn, and
 * its effects are performed in order.
 *
 * L1 However much arrives, the processor's turn comes after at most one batch of the event loop.
 * L2 After the exclusion of an incarnation nothing of it is sent; the next one shares sockets and addresses with it.
 */
import { type Effect, type EffectOf, type GroupId, Processor, type ProcessorId } from '@choir/ftmp';
import { now } from '../clock.ts';
import type { Gate } from '../envelope/gate.ts';
import { newIncarnation, uniform } from '../randomness.ts';
import { encodeDestination } from '../udp/destination.ts';
import type { Network } from '../udp/network.ts';
import { packDeliveries } from './deliveries.ts';
import { readHandover } from './handover.ts';
import { room } from './room.ts';
import type { Statistics } from './statistics.ts';
import { statisticsOf } from './statistics-of.ts';
import { Submissions } from './submissions.ts';
import type { Amount, FromThread, Occurrence, ThreadOptions } from './thread-message.ts';

type Surroundings = {
  readonly options: ThreadOptions;
  readonly network: Network;
  readonly gate: Gate;
  readonly tell: (message: FromThread, transfer?: readonly ArrayBuffer[]) => void;
};

/** How often the application's progress is looked at. */
const progressMs = 250;

export class ProcessorDriver {
  readonly #surroundings: Surroundings;
  readonly #random = uniform();
  readonly #submissions = new Submissions();
  readonly #progress: Int32Array;
  readonly #watch: NodeJS.Timeout;
  #processor: Processor;
  readonly #joined = new Set<GroupId>();
  /** Groups that this processor has asked to leave. */
  readonly #leaving = new Set<GroupId>();
  #isTurnComing = false;
  #timer: NodeJS.Timeout | null = null;
  #progressSeen = 0;
  #progressAt = now();
  #leftAt = Number.NEGATIVE_INFINITY;
  #turns = 0;
  #delivered = 0;
  #exclusions = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#progress = new Int32Array(surroundings.options.progress);
    this.#processor = this.#incarnation();
    this.#watch = setInterval(() => this.#look(), progressMs);
  }

  get id(): ProcessorId {
    return this.#processor.id;
  }

  /** A message that the gate let pass. */
  receive(message: Uint8Array): void {
    this.#processor.receive(message, now());
    this.#comeToTurn();
  }

  join(group: GroupId, init: boolean): void {
    this.#joined.add(group);
    this.#processor.join(group, now(), init);
    this.#comeToTurn();
  }

  leave(group: GroupId): void {
    this.#leaving.add(group);
    this.#processor.leave(group, now());
    this.#comeToTurn();
  }

  work(buffer: ArrayBuffer | null, length: number, taken: readonly Amount[]): void {
    for (const { group, bytes } of taken) this.#processor.delivered(group, bytes);
    if (buffer !== null) {
      for (const { group, bytes, safe } of readHandover(buffer, length)) {
        this.#submissions.add(group, { bytes, safe, request: null });
      }
      this.#submissions.submit(this.#processor);
    }
    this.#comeToTurn();
  }

  statistics(): Statistics {
    return statisticsOf({
      ...this.#surroundings,
      processor: this.#processor,
      groups: [...this.#joined],
      submissions: this.#submissions,
      turns: this.#turns,
      delivered: this.#delivered,
      exclusions: this.#exclusions,
    });
  }

  /** Ends. Who has left stays for as long as the others may need it. */
  async close(): Promise<void> {
    const lingerMs = this.#leftAt + this.#surroundings.options.settings.lingerMs - now();
    if (lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, lingerMs));
    clearInterval(this.#watch);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#isTurnComing = true;
    await this.#surroundings.network.close();
  }

  #incarnation(): Processor {
    const { options, network, gate } = this.#surroundings;
    gate.renew();
    return new Processor({
      self: newIncarnation(options.processorNumber),
      address: encodeDestination(network.own),
      settings: options.settings,
      // The gate has opened what it passes.
      envelope: {
        overheadBytes: gate.overheadBytes,
        seal: (message) => gate.seal(message),
        open: (message) => message,
      },
      random: this.#random,
      firstSequence: 0,
      firstTimestamp: 0,
      observe: () => {},
    });
  }

  /** L1 */
  #comeToTurn(): void {
    if (this.#isTurnComing) return;
    this.#isTurnComing = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isTurnComing = false;
    this.#turns += 1;
    this.#submissions.submit(this.#processor);
    this.#processor.turn(now());
    this.#perform(this.#processor.drain());
    if (this.#timer !== null) clearTimeout(this.#timer);
    const waitMs = this.#processor.due - now();
    if (waitMs <= 0) this.#comeToTurn();
    else if (waitMs === Number.POSITIVE_INFINITY) this.#timer = null;
    else this.#timer = setTimeout(() => this.#comeToTurn(), waitMs);
  }

  #perform(effects: readonly Effect[]): void {
    const deliveries: EffectOf<'deliver'>[] = [];
    const occurrences: [number, Occurrence][] = [];
    const excluded: GroupId[] = [];
    let bytes = 0;
    for (const effect of effects) {
      if (effect.kind === 'send') {
        if (excluded.length === 0) this.#send(effect);
      } else if (effect.kind === 'deliver') {
        deliveries.push(effect);
        bytes += effect.bytes.length;
      } else if (effect.kind === 'excluded') {
        excluded.push(effect.group);
      } else {
        const occurrence = this.#occurred(effect);
        if (occurrence !== null) occurrences.push([deliveries.length, occurrence]);
      }
    }
    if (excluded.length > 0) {
      for (const occurrence of this.#excluded(excluded)) {
        occurrences.push([deliveries.length, occurrence]);
      }
    }
    this.#delivered += deliveries.length;
    const packed = deliveries.length === 0 ? null : packDeliveries(deliveries, bytes);
    this.#tell(packed, occurrences);
  }

  #tell(deliveries: ArrayBuffer | null, occurrences: readonly [number, Occurrence][]): void {
    const goesAnyway = deliveries !== null || occurrences.length > 0;
    const given = this.#submissions.takeRoom(goesAnyway, room.least);
    if (!goesAnyway && given.length === 0) return;
    const transfer = deliveries === null ? [] : [deliveries];
    this.#surroundings.tell({ kind: 'turn', deliveries, occurrences, room: given }, transfer);
  }

  #send({ group, to, bytes }: EffectOf<'send'>): void {
    this.#surroundings.network.send(group, to, bytes);
  }

  /** What the application is told of it, if anything. */
  #occurred(
    effect: Exclude<Effect, EffectOf<'send'> | EffectOf<'deliver'> | EffectOf<'excluded'>>,
  ): Occurrence | null {
    const { book } = this.#surroundings.network;
    switch (effect.kind) {
      case 'address':
        book.learn(effect.group, effect.processor, effect.address);
        return null;
      case 'forget':
        book.forget(effect.group, effect.processor);
        return null;
      case 'writable':
        this.#comeToTurn();
        return null;
      case 'left':
        this.#joined.delete(effect.group);
        this.#submissions.drop(effect.group);
        this.#leftAt = now();
        return effect;
      default:
        return effect;
    }
  }

  /** L2 */
  #excluded(groups: readonly GroupId[]): readonly Occurrence[] {
    const { network, options } = this.#surroundings;
    this.#exclusions += 1;
    for (const group of groups) {
      network.book.forgetGroup(group);
      this.#submissions.drop(group);
      this.#joined.delete(group);
    }
    this.#processor = this.#incarnation();
    const rejoins = options.rejoin ? this.#processor.id : null;
    return groups.map((group) => {
      // Who wanted to go is out, whichever way the others put it.
      if (this.#leaving.has(group)) return { kind: 'left', group };
      if (options.rejoin) this.join(group, false);
      return { kind: 'excluded', group, rejoins };
    });
  }

  #look(): void {
    const seen = Atomics.load(this.#progress, 0);
    const time = now();
    if (seen !== this.#progressSeen) this.#progressAt = time;
    this.#progressSeen = seen;
    const isStalled = time - this.#progressAt >= this.#surroundings.options.stalledMs;
    this.#processor.progress(seen >>> 0, isStalled);
  }
}
