/** The world of the suite `ftmp`: three to seven processors, the groups that they share, the network between them, faults. */
import { type Effect, processorText } from '@choir/ftmp';
import type { Random, Trace } from '@choir/testkit';
import { processorFaults } from './faults.ts';
import { Ground } from './ground.ts';
import { Incarnation, type Place } from './incarnation.ts';
import { datagramTypeOfNumber } from './names.ts';
import { Operator } from './operator.ts';
import type { Plan } from './plan.ts';
import { Traffic } from './traffic.ts';

/** From when everybody has to be on the way back until everybody has to be in. */
export const returnMs = 6_000;
const sampleMs = 3_000;
const quietMs = 3_000;
/** Where a datagram has its type (H1). */
const typeAt = 7;

export class World {
  readonly plan: Plan;
  readonly seen = new Set<string>();
  readonly ground: Ground;
  readonly operator: Operator<Incarnation>;
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #place: Place;
  readonly #traffic: Traffic;
  #sent = 0;

  constructor(random: Random, plan: Plan, trace: Trace) {
    const { seen } = this;
    this.plan = plan;
    this.#random = random;
    this.#trace = trace;
    const faults = processorFaults(this);
    const ground = new Ground({ random, plan, trace, faults, lost: (bytes) => this.#lost(bytes) });
    const operator = new Operator<Incarnation>({
      ground,
      random,
      seen,
      start: (number, { init = false }) => this.#start(number, init),
    });
    this.ground = ground;
    this.operator = operator;
    const surroundings = ground.surroundings((self, event) => operator.saw(self, event));
    this.#place = { ...surroundings, trace, seen };
    this.#traffic = new Traffic(this, random.fork('connection'));
  }

  /** Messages that were to be sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Not where retransmissions are counted: who is added then has to be sent again what nobody has lost. */
  get isDisorderly(): boolean {
    return !this.plan.isOrderly;
  }

  run(): void {
    const { ground, operator, plan } = this;
    operator.begin(plan.processors);
    ground.run({
      returnMs,
      quietMs,
      work: () => {
        for (const [number] of operator.processes) this.#work(number);
        operator.operate();
        this.#sampleOften();
        if (plan.hasConnection) this.#traffic.start();
      },
      stable: () => this.#tellStable(),
      quiet: () => this.#traffic.stop(),
    });
    this.#sample();
  }

  /** A second process under the number of another. */
  twin(number: number): Incarnation {
    const twin = new Incarnation(number, this.#place, true);
    twin.join(this.operator.group, false);
    return twin;
  }

  message(one: Incarnation, bytes: number, random: Random): () => void {
    const isSafe = random.chance(0.2);
    return () => one.send(this.operator.group, bytes, isSafe);
  }

  #start(number: number, init: boolean): Incarnation {
    const one = new Incarnation(number, this.#place);
    one.onEffect = (effect) => this.#happened(one, number, effect);
    one.join(this.operator.group, init);
    return one;
  }

  #sampleOften(): void {
    this.ground.scheduler.after(sampleMs, () => {
      this.#sample();
      if (this.ground.isWorking) this.#sampleOften();
    });
  }

  #sample(): void {
    const { group, processes } = this.operator;
    for (const [, one] of processes) one.sample(group);
  }

  #lost(bytes: Uint8Array): void {
    const type = datagramTypeOfNumber(bytes[typeAt]);
    if (type === null) return;
    this.#trace.record({ t: this.ground.scheduler.now, node: 'world', kind: 'lost', type });
  }

  #happened(one: Incarnation, number: number, effect: Effect): void {
    const { operator } = this;
    if (effect.group !== operator.group) return;
    if (effect.kind === 'suppressed') this.#traffic.suppressed(one, effect);
    else if (effect.kind === 'view') operator.installed(effect.view);
    else if (effect.kind === 'excluded') this.#comesBack(one, number, 0);
    else if (effect.kind === 'left') this.#comesBack(one, number, 1_000);
  }

  #comesBack(one: Incarnation, number: number, afterMs: number): void {
    this.ground.scheduler.after(afterMs, () => {
      one.stop();
      this.operator.startLater(number, this.#random.between(10, 500));
    });
  }

  /** Sends messages of one processor, whoever it is at the time. */
  #work(number: number): void {
    const { plan, operator } = this;
    const random = this.#random.fork(`work ${number}`);
    this.ground.work(random, () => {
      const isLong = random.chance(plan.longShare);
      const length = isLong ? random.int(1_000, 60_000) : random.int(4, 200);
      const one = operator.get(number);
      if (one?.isRunning !== true) return;
      one.send(operator.group, length, random.chance(plan.safeShare));
      this.#sent += 1;
    });
  }

  #tellStable(): void {
    const { group, living } = this.operator;
    if (this.operator.isLost()) return;
    const members = living.map(({ id }) => processorText(id));
    const { now } = this.ground.scheduler;
    this.#trace.record({ t: now, node: 'world', kind: 'stable', group, members });
  }
}
