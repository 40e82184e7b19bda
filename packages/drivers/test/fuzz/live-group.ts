// Three processors in virtual time, each behind a gate as in production, who send each other messages all the time.
import {
  defaultSettings,
  Processor,
  type ProcessorId,
  processorId,
  processorNumber,
  processorText,
} from '@choir/ftmp';
import { type Alarm, type Random, Scheduler } from '@choir/testkit';
import type { Gate, Passage } from '../../src/envelope/gate.ts';
import { Loans } from '../../src/memory/loans.ts';
import { encodeDestination } from '../../src/udp/destination.ts';
import { quarry as group, type Quarry } from './attacks.ts';
import { Overheard } from './overheard.ts';

const latencyMs = 0.2;
const messageEveryMs = 20;
const patienceDefaultMs = 3_000;
/** What all serve, and how often the second asks for a connection to it, so many in all. */
const server = { domain: 1, group: 90 };
const connectEveryMs = 250;
const connectionsMost = 64;
/** What a group that is not kept busy by itself is far from: datagrams, and milliseconds of the processor, in so much of its time. */
const windowMs = 100;
const sentMost = 50_000;
const busyMostMs = 5_000;

type End = {
  readonly processor: Processor;
  readonly gate: Gate;
  readonly loans: Loans;
  alarm: Alarm | null;
  delivered: number;
  members: readonly ProcessorId[];
};

export class LiveGroup implements Quarry {
  readonly scheduler = new Scheduler();
  readonly ends: readonly End[];
  readonly heard = new Overheard();
  /** Who has asked to be let in: nothing speaks against it. */
  readonly comers = new Set<ProcessorId>();
  /** What was done to the members from outside. */
  readonly disturbances: string[] = [];
  readonly #random: Random;
  readonly #live: () => void;
  #isFormed = false;
  #connections = 0;
  /** Of the present `windowMs`. */
  readonly #window = { until: 0, sent: 0, busyMs: 0 };

  /**
   * @param newGate makes a gate for a processor, given its clock
   * @param live is called often, as long as nothing takes for ever
   */
  constructor(
    random: Random,
    newGate: (passage: Passage, clock: () => number) => Gate,
    live: () => void = () => {},
  ) {
    this.#random = random;
    this.#live = live;
    this.ends = [1, 2, 3].map((number) => this.#end(number, newGate));
    for (const [at, { processor }] of this.ends.entries()) {
      processor.join(group, this.scheduler.now, at === 0);
      processor.serve(group, server, { group, address: new Uint8Array(0) });
      this.#wake(at, 0);
    }
    this.#work();
    this.#connect();
  }

  idOf(at: number): ProcessorId | undefined {
    return this.ends[at]?.processor.id;
  }

  /** Whether all are in one view, and what each sends now is delivered to all before long. */
  goesOn(patienceMs = patienceDefaultMs): boolean {
    const all = this.ends.length;
    const isTogether = () => this.ends.every(({ members }) => members.length === all);
    if (!this.#until(isTogether, patienceMs)) return false;
    this.#isFormed = true;
    const before = this.ends.map(({ delivered }) => delivered);
    const count = 2 * this.ends.length;
    const isDelivered = () =>
      this.ends.every(({ delivered }, at) => delivered >= (before[at] ?? 0) + count);
    return this.#until(isDelivered, patienceMs);
  }

  /** A datagram of somebody comes to one of them. @returns whether it was taken */
  attack(at: number, datagram: Uint8Array, port: number): boolean {
    const end = this.ends[at];
    if (end === undefined) return false;
    const { taken } = end.processor;
    end.gate.arrive(new Uint8Array(datagram), addressOf(port), this.scheduler.now);
    this.#wake(at, 0);
    return end.processor.taken > taken;
  }

  /** @throws Error when the group keeps itself busy without end */
  pass(ms: number): void {
    this.#live();
    const { now } = this.scheduler;
    const window = this.#window;
    if (now >= window.until) Object.assign(window, { until: now + windowMs, sent: 0, busyMs: 0 });
    const before = process.threadCpuUsage();
    this.scheduler.run(now + ms);
    const { user, system } = process.threadCpuUsage(before);
    window.busyMs += (user + system) / 1_000;
    if (window.busyMs > busyMostMs) {
      throw new Error(`${windowMs} ms of the group took more than ${busyMostMs} ms`);
    }
  }

  /** Datagrams refused so far, by the reason, by gates and processors. */
  refused(): Map<string, number> {
    const all = new Map<string, number>();
    for (const { gate, processor } of this.ends) {
      for (const [reason, count] of [...gate.refused, ...processor.refused]) {
        all.set(reason, (all.get(reason) ?? 0) + count);
      }
    }
    return all;
  }

  #until(holds: () => boolean, patienceMs: number): boolean {
    const late = this.scheduler.now + patienceMs;
    while (!holds()) {
      if (this.scheduler.now > late) return false;
      this.pass(1);
    }
    return true;
  }

  #end(number: number, newGate: (passage: Passage, clock: () => number) => Gate): End {
    const at = number - 1;
    const passage: Passage = {
      pass: (message) => this.ends[at]?.processor.receive(message, this.scheduler.now),
      reply: (datagram, to) => this.#send(at, to.port - 1, datagram),
    };
    const gate = newGate(passage, () => this.scheduler.now);
    const loans = new Loans(gate.overheadBytes);
    const processor = new Processor({
      self: processorId(number, this.#random.uint32()),
      address: encodeDestination(addressOf(number)),
      settings: defaultSettings,
      envelope: {
        overheadBytes: gate.overheadBytes,
        seal: (message) => {
          const datagram = gate.seal(message);
          this.heard.record(datagram, message);
          return datagram;
        },
        open: (message) => message,
      },
      random: () => this.#random.unit(),
      fansOut: true,
      firstSequence: 0,
      firstTimestamp: 0,
      observe: () => {},
      returned: loans.returned,
    });
    return { processor, gate, loans, alarm: null, delivered: 0, members: [] };
  }

  #work(): void {
    for (const [at, { processor }] of this.ends.entries()) {
      const bytes = this.#random.bytes(this.#random.int(1, this.#random.pick([60, 2_000])));
      processor.submit(group, { bytes, safe: this.#random.chance(0.3), request: null });
      this.#wake(at, 0);
    }
    this.scheduler.after(messageEveryMs, () => this.#work());
  }

  #connect(): void {
    const client = { domain: 1, group: this.#connections };
    const { id, processor } = { id: this.idOf(1), processor: this.ends[1]?.processor };
    if (id !== undefined) processor?.connect({ client, server }, [id], this.scheduler.now);
    this.#wake(1, 0);
    this.#connections += 1;
    if (this.#connections < connectionsMost) {
      this.scheduler.after(connectEveryMs, () => this.#connect());
    }
  }

  /** Nobody goes, and nobody comes but who has asked. */
  #judge(members: readonly ProcessorId[]): void {
    if (!this.#isFormed) return;
    const isWhole = this.ends.every(({ processor }) => members.includes(processor.id));
    const strange = members.slice(this.ends.length).filter((id) => !this.comers.has(id));
    if (isWhole && strange.length === 0 && this.comers.size > 0) return;
    this.disturbances.push(`was given a view of ${members.map(processorText).join(', ')}`);
  }

  #wake(at: number, delayMs: number): void {
    const end = this.ends[at];
    if (end === undefined) return;
    const time = this.scheduler.now + delayMs;
    if (end.alarm?.pending === true && end.alarm.time <= time) return;
    this.scheduler.cancel(end.alarm);
    end.alarm = this.scheduler.at(time, () => this.#turn(at));
  }

  #turn(at: number): void {
    const end = this.ends[at];
    if (end === undefined) return;
    const { processor, loans } = end;
    const { now } = this.scheduler;
    processor.turn(now);
    for (const effect of processor.drain()) {
      if (effect.kind === 'deliver') {
        end.delivered += 1;
        // As on the way to the application; of what was given back before it throws.
        const bytes = new Uint8Array(effect.bytes);
        processor.delivered(effect.group, bytes.length);
      } else if (effect.kind === 'view') {
        end.members = effect.view.members;
        this.#judge(end.members);
      } else if (effect.kind === 'excluded' || effect.kind === 'left') {
        end.members = [];
        this.disturbances.push(`lost a member: ${effect.kind}`);
      } else if (effect.kind === 'send') {
        for (const to of this.#recipients(at, effect.to)) this.#send(at, to, effect.bytes);
      }
    }
    loans.settle();
    if (processor.due !== Number.POSITIVE_INFINITY) {
      this.#wake(at, Math.max(0.01, processor.due - now));
    }
  }

  #recipients(from: number, to: 'group' | 'anyone' | ProcessorId): readonly number[] {
    if (typeof to === 'number') return [processorNumber(to) - 1];
    return this.ends.flatMap((_, at) => (at === from ? [] : [at]));
  }

  #send(from: number, to: number, datagram: Uint8Array): void {
    this.#window.sent += 1;
    if (this.#window.sent > sentMost) {
      throw new Error(`more than ${sentMost} datagrams in ${windowMs} ms`);
    }
    this.scheduler.after(latencyMs, () => {
      this.ends[to]?.gate.arrive(new Uint8Array(datagram), addressOf(from + 1), this.scheduler.now);
      this.#wake(to, 0);
    });
  }
}

function addressOf(number: number): { readonly address: string; readonly port: number } {
  return { address: '127.0.0.1', port: number };
}
