// Three processors in virtual time, each behind a gate as in production, who send each other messages all the time.
import {
  defaultSettings,
  groupId,
  Processor,
  type ProcessorId,
  processorId,
  processorNumber,
} from '@choir/ftmp';
import { type Alarm, type Random, Scheduler } from '@choir/testkit';
import type { Gate, Passage } from '../../src/envelope/gate.ts';
import { Loans } from '../../src/memory/loans.ts';
import { encodeDestination } from '../../src/udp/destination.ts';
import type { Quarry } from './attacks.ts';
import { Kept, typeAt } from './kept.ts';

const group = groupId(7);
const latencyMs = 0.2;
const messageEveryMs = 20;
const patienceMs = 3_000;

type End = {
  readonly processor: Processor;
  readonly gate: Gate;
  readonly loans: Loans;
  alarm: Alarm | null;
  delivered: number;
  members: number;
  views: number;
};

export class LiveGroup implements Quarry {
  readonly scheduler = new Scheduler();
  readonly ends: readonly End[];
  /** The last datagrams that were sent, and what was in them, before the gate closed it in. */
  readonly datagrams = new Kept();
  readonly messages = new Kept();
  readonly #random: Random;

  /** @param newGate makes a gate for a processor, given its clock */
  constructor(random: Random, newGate: (passage: Passage, clock: () => number) => Gate) {
    this.#random = random;
    this.ends = [1, 2, 3].map((number) => this.#end(number, newGate));
    for (const [at, { processor }] of this.ends.entries()) {
      processor.join(group, this.scheduler.now, at === 0);
      this.#wake(at, 0);
    }
    this.#work();
  }

  get views(): number {
    return this.ends.reduce((sum, { views }) => sum + views, 0);
  }

  idOf(at: number): ProcessorId | undefined {
    return this.ends[at]?.processor.id;
  }

  /** Whether all are in one view, and what each sends now is delivered to all before long. */
  goesOn(): boolean {
    if (!this.#until(() => this.ends.every(({ members }) => members === this.ends.length))) {
      return false;
    }
    const before = this.ends.map(({ delivered }) => delivered);
    const count = 2 * this.ends.length;
    return this.#until(() =>
      this.ends.every(({ delivered }, at) => delivered >= (before[at] ?? 0) + count),
    );
  }

  /** A datagram of somebody comes to one of them. */
  attack(at: number, datagram: Uint8Array, port: number): void {
    this.ends[at]?.gate.arrive(new Uint8Array(datagram), addressOf(port), this.scheduler.now);
    this.#wake(at, 0);
  }

  pass(ms: number): void {
    this.scheduler.run(this.scheduler.now + ms);
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

  #until(holds: () => boolean): boolean {
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
          const type = message[typeAt] ?? 0;
          this.messages.add(type, message);
          const datagram = gate.seal(message);
          this.datagrams.add(type, datagram);
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
    return { processor, gate, loans, alarm: null, delivered: 0, members: 0, views: 0 };
  }

  #work(): void {
    for (const [at, { processor }] of this.ends.entries()) {
      const bytes = this.#random.bytes(this.#random.int(1, this.#random.pick([60, 2_000])));
      processor.submit(group, { bytes, safe: this.#random.chance(0.3), request: null });
      this.#wake(at, 0);
    }
    this.scheduler.after(messageEveryMs, () => this.#work());
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
        end.views += 1;
        end.members = effect.view.members.length;
      } else if (effect.kind === 'excluded' || effect.kind === 'left') {
        end.members = 0;
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
    this.scheduler.after(latencyMs, () => {
      this.ends[to]?.gate.arrive(new Uint8Array(datagram), addressOf(from + 1), this.scheduler.now);
      this.#wake(to, 0);
    });
  }
}

function addressOf(number: number): { readonly address: string; readonly port: number } {
  return { address: '127.0.0.1', port: number };
}
