/**
 * The world of the suite `ftmp`: three to seven processors, the groups that they share, the network between them, faults.
 *
 * A group that has lost its quorum for ever is given up, and an operator makes the next one: its number is one higher.
 */
import { type Effect, type GroupId, groupId, processorNumber, processorText } from '@choir/ftmp';
import { FaultPlan, type Random, Scheduler, type Trace } from '@choir/testkit';
import { DatagramNetwork, datagramFaults } from '@choir/testkit/datagrams';
import { processorFaults } from './faults.ts';
import { Incarnation, type Place } from './incarnation.ts';
import { datagramTypeOfNumber } from './names.ts';
import { type Plan, packetBytes } from './plan.ts';
import { Prospects } from './prospects.ts';
import { Traffic } from './traffic.ts';

/** From the end of the faults until everybody has to be on the way back, and in. */
const restartMs = 6_000;
export const returnMs = 6_000;
const sampleMs = 3_000;
const quietMs = 3_000;
const operatorMs = 2_000;
/** Where a datagram has its type (H1). */
const typeAt = 7;

export class World {
  readonly plan: Plan;
  readonly seen = new Set<string>();
  readonly scheduler = new Scheduler();
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #network: DatagramNetwork;
  readonly #place: Place;
  readonly #faults: FaultPlan;
  readonly #traffic: Traffic;
  readonly incarnations = new Map<number, Incarnation>();
  /** Of the present group. */
  readonly #prospects = new Prospects();
  #group: GroupId = groupId(1);
  #isWorking = true;
  /** What happens when the next processor is added. */
  readonly #awaitingAdded: (() => void)[] = [];
  sent = 0;
  /** Groups that were given up. */
  lost = 0;

  constructor(random: Random, plan: Plan, trace: Trace) {
    this.plan = plan;
    this.#random = random;
    this.#trace = trace;
    const { scheduler } = this;
    this.#network = new DatagramNetwork({
      scheduler,
      random: random.fork('network'),
      latencyMs: plan.latencyMs,
      passesBytes: plan.passesBytes,
      narrow: plan.narrow === null ? null : { host: `p${plan.narrow}`, passesBytes: packetBytes },
      weather: plan.weather,
      lost: (bytes) => this.#lost(bytes),
    });
    this.#place = {
      scheduler,
      network: this.#network,
      trace,
      random: random.fork('processors'),
      plan,
      seen: this.seen,
      hosts: new Map(),
      watch: (self, event) => {
        if (event.group !== this.#group) return;
        this.#prospects.saw(self, event);
        if (event.kind === 'added') this.#added();
      },
    };
    this.#traffic = new Traffic(this, random.fork('connection'));
    this.#faults = new FaultPlan({
      scheduler,
      random: random.fork('faults'),
      trace,
      everyMs: plan.faultEveryMs,
      faults: [
        ...datagramFaults(this.#network, { weights: plan.datagramWeights, lastMs: [50, 4_000] }),
        ...processorFaults(this, plan.processorWeights),
      ],
    });
  }

  get running(): readonly Incarnation[] {
    return this.#living();
  }

  get faultsThatBit(): number {
    return this.#faults.bitten;
  }

  get group(): GroupId {
    return this.#group;
  }

  run(): void {
    const { scheduler, plan } = this;
    for (let number = 1; number <= plan.processors; number += 1) this.start(number);
    this.#init();
    this.#phase('work');
    scheduler.after(500, () => this.#faults.start());
    for (const number of this.incarnations.keys()) this.#work(number);
    this.#operate();
    this.#sample();
    if (plan.hasConnection) this.#traffic.start();
    scheduler.run(plan.workMs);
    this.#faults.stop();
    this.#awaitingAdded.length = 0;
    this.#network.setWeather({});
    this.#phase('healing');
    scheduler.run(scheduler.now + restartMs);
    this.#tellStable();
    scheduler.run(scheduler.now + returnMs);
    this.#isWorking = false;
    this.#traffic.stop();
    this.#phase('quiet');
    scheduler.run(scheduler.now + quietMs);
    for (const one of this.incarnations.values()) one.sample(this.#group);
  }

  #sample(): void {
    this.scheduler.after(sampleMs, () => {
      for (const one of this.incarnations.values()) one.sample(this.#group);
      if (this.#isWorking) this.#sample();
    });
  }

  #lost(bytes: Uint8Array): void {
    const type = datagramTypeOfNumber(bytes[typeAt]);
    if (type === null) return;
    this.#trace.record({ t: this.scheduler.now, node: 'world', kind: 'lost', type });
  }

  /** A new incarnation of this processor, which joins the group. */
  start(number: number): void {
    const one = new Incarnation(number, this.#place);
    one.onEffect = (effect) => this.#happened(one, number, effect);
    this.incarnations.set(number, one);
    one.join(this.#group, false);
  }

  /** A second process under the number of another. */
  twin(number: number): Incarnation {
    const twin = new Incarnation(number, this.#place, true);
    twin.join(this.#group, false);
    return twin;
  }

  startLater(number: number, afterMs: number): void {
    this.scheduler.after(afterMs, () => {
      if (this.incarnations.get(number)?.isRunning !== true) this.start(number);
    });
  }

  /** Does this in the instant in which the next processor is added, if that is while there are faults. */
  atNextAdded(act: () => void): void {
    this.#awaitingAdded.push(act);
  }

  #added(): void {
    for (const act of this.#awaitingAdded.splice(0)) this.scheduler.after(0, act);
  }

  #init(): void {
    const first = this.#random.fork(`init ${this.#group}`).pick(this.#living());
    first.stop();
    this.#prospects.begin();
    const number = processorNumber(first.id);
    const one = new Incarnation(number, this.#place);
    one.onEffect = (effect) => this.#happened(one, number, effect);
    this.incarnations.set(number, one);
    one.join(this.#group, true);
  }

  #living(): Incarnation[] {
    return [...this.incarnations.values()].filter(({ isRunning }) => isRunning);
  }

  #happened(one: Incarnation, number: number, effect: Effect): void {
    if (effect.group !== this.#group) return;
    if (effect.kind === 'suppressed') this.#traffic.suppressed(one, effect);
    if (effect.kind === 'view') {
      this.#prospects.installed(effect.view);
    } else if (effect.kind === 'excluded') {
      this.scheduler.after(0, () => {
        one.stop();
        this.startLater(number, this.#random.between(10, 500));
      });
    } else if (effect.kind === 'left') {
      this.scheduler.after(1_000, () => {
        one.stop();
        this.startLater(number, this.#random.between(10, 500));
      });
    }
  }

  /** Sends messages of one processor, whoever it is at the time. */
  #work(number: number): void {
    const { plan, scheduler } = this;
    const random = this.#random.fork(`work ${number}`);
    const next = (): void => {
      if (!this.#isWorking) return;
      const burst = random.chance(0.1) ? random.int(2, 30) : 1;
      for (let i = 0; i < burst; i += 1) {
        const isLong = random.chance(plan.longShare);
        const length = isLong ? random.int(1_000, 60_000) : random.int(4, 200);
        const one = this.incarnations.get(number);
        if (one?.isRunning === true) {
          one.send(this.#group, length, random.chance(plan.safeShare));
          this.sent += 1;
        }
      }
      scheduler.after(random.exponential(plan.messageEveryMs), next);
    };
    scheduler.after(random.exponential(plan.messageEveryMs), next);
  }

  /** Looks after the group: when it cannot go on for ever, the next one is made. */
  #operate(): void {
    this.scheduler.after(operatorMs, () => {
      if (!this.#isWorking) return;
      if (this.#isLostForEver()) {
        this.lost += 1;
        this.#group = groupId(this.#group + 1);
        for (const number of [...this.incarnations.keys()]) {
          this.incarnations.get(number)?.stop();
          this.start(number);
        }
        this.#init();
      }
      this.#operate();
    });
  }

  #isLostForEver(): boolean {
    const living = this.#living();
    const members = living.filter((one) => one.isIn(this.#group)).map(({ id }) => id);
    const ids = new Set(living.map(({ id }) => id));
    if (this.#prospects.isLostInDoubt(ids, members)) this.seen.add('group lost in doubt');
    return this.#prospects.isLost(ids, members);
  }

  #tellStable(): void {
    const members = this.#living().map(({ id }) => processorText(id));
    const stable = { group: this.#group, members };
    if (this.#isLostForEver()) return;
    this.#trace.record({ t: this.scheduler.now, node: 'world', kind: 'stable', ...stable });
  }

  #phase(phase: 'work' | 'healing' | 'quiet'): void {
    this.#trace.record({ t: this.scheduler.now, node: 'world', kind: 'phase', phase });
  }
}
