/**
 * The world of the suite `process-group`: three to seven processes that share a group, each a member on a processor with an application,
 * the network between them, faults.
 *
 * A process that was excluded, has left, or was refused the state comes back. A group that cannot go on, or whose state is lost, is given
 * up by its operator, who makes the next one: its number is one higher.
 */
import { type GroupId, groupId, type ProcessorId, processorText } from '@choir/ftmp';
import { decode } from '@choir/process-group/core';
import { FaultPlan, type Random, Scheduler, type Trace } from '@choir/testkit';
import { DatagramNetwork, datagramFaults } from '@choir/testkit/datagrams';
import { Host, type HostSurroundings } from '../processors/host.ts';
import { packetBytes } from '../processors/plan.ts';
import { Prospects } from '../processors/prospects.ts';
import { Application } from './application.ts';
import { processFaults } from './faults.ts';
import { type Ending, Member } from './member.ts';
import type { Plan } from './plan.ts';
import { Recorder } from './recorder.ts';
import { ReplicaSet } from './replica-set.ts';
import { serviceOf } from './service.ts';

/** From the end of the faults until everybody has to be on the way back, and then until all have the state. */
const restartMs = 6_000;
const returnMs = 8_000;
const quietMs = 4_000;
const operatorMs = 2_000;
/** The processor of a process that joins under another's label. */
const namesakes = 100;

export class World {
  readonly plan: Plan;
  readonly seen = new Set<string>();
  readonly scheduler = new Scheduler();
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #network: DatagramNetwork;
  readonly #surroundings: HostSurroundings;
  readonly #faults: FaultPlan;
  readonly #recorder: Recorder;
  /** By their numbers; those beside them that claim somebody's number or label are not here. */
  readonly #processes = new Map<number, Member>();
  readonly #applications = new Map<Member, Application>();
  /** Of the present group. */
  readonly #prospects = new Prospects();
  #group: GroupId = groupId(1);
  #isStateLost = false;
  #isWorking = true;
  #failsNextRestore = false;
  readonly #awaitingAdded: (() => void)[] = [];
  readonly #awaitingMarker: ((provider: Member) => void)[] = [];
  #awaitingSnapshot: { readonly member: Member; readonly act: () => void }[] = [];
  /** Groups that were given up. */
  lost = 0;

  constructor(random: Random, plan: Plan, trace: Trace) {
    this.plan = plan;
    this.#random = random;
    this.#trace = trace;
    const { scheduler } = this;
    this.#recorder = this.#recorderOf('world');
    this.#network = new DatagramNetwork({
      scheduler,
      random: random.fork('network'),
      latencyMs: plan.latencyMs,
      passesBytes: plan.passesBytes,
      narrow: plan.narrow === null ? null : { host: `p${plan.narrow}`, passesBytes: packetBytes },
      weather: plan.weather,
    });
    this.#surroundings = {
      scheduler,
      network: this.#network,
      random: random.fork('processors'),
      plan,
      hosts: new Map(),
      watch: (self, event) => {
        if (event.group !== this.#group) return;
        this.#prospects.saw(self, event);
        if (event.kind === 'added') this.#added();
      },
    };
    this.#faults = new FaultPlan({
      scheduler,
      random: random.fork('faults'),
      trace,
      everyMs: plan.faultEveryMs,
      faults: [
        ...datagramFaults(this.#network, { weights: plan.datagramWeights, lastMs: [50, 4_000] }),
        ...processFaults(this),
      ],
    });
  }

  get faultsThatBit(): number {
    return this.#faults.bitten;
  }

  get processes(): readonly (readonly [number: number, member: Member])[] {
    return [...this.#processes];
  }

  applicationOf(member: Member): Application | undefined {
    return this.#applications.get(member);
  }

  run(): void {
    const { scheduler, plan } = this;
    for (let number = 1; number <= plan.processors; number += 1) this.#start(number);
    this.#init();
    this.#recorder.record('phase', { phase: 'work' });
    scheduler.after(500, () => this.#faults.start());
    for (const number of this.#processes.keys()) this.#work(number);
    this.#operate();
    scheduler.run(plan.workMs);
    this.#faults.stop();
    this.#awaitingAdded.length = 0;
    this.#awaitingMarker.length = 0;
    this.#awaitingSnapshot.length = 0;
    this.#network.setWeather({});
    this.#recorder.record('phase', { phase: 'healing' });
    scheduler.run(scheduler.now + restartMs);
    this.#tellStable();
    scheduler.run(scheduler.now + returnMs);
    this.#isWorking = false;
    this.#recorder.record('phase', { phase: 'quiet' });
    scheduler.run(scheduler.now + quietMs);
    for (const member of this.#living()) member.recordCopy();
  }

  startLater(number: number, afterMs: number): void {
    this.scheduler.after(afterMs, () => {
      if (this.#processes.get(number)?.isRunning !== true) this.#start(number);
    });
  }

  /** A second process under the number and the label of another. */
  twin(number: number, label: string): Member {
    return this.#beside(number, `p${number} twin`, label);
  }

  /** Another process under the label of one. */
  namesake(number: number, label: string): Member {
    return this.#beside(namesakes + number, `p${number} namesake`, label);
  }

  /** The next process that starts does not take the first state that it is given. */
  failNextRestore(): void {
    this.#failsNextRestore = true;
  }

  /** Does this in the instant in which the next processor is added, if that is while there are faults. */
  atNextAdded(act: () => void): void {
    this.#awaitingAdded.push(act);
  }

  /** Does this to whoever says the next marker, in that instant, if that is while there are faults. */
  atNextMarker(act: (provider: Member) => void): void {
    this.#awaitingMarker.push(act);
  }

  /** Does this when the member provides somebody with the state, if that is while there are faults. */
  atNextSnapshot(member: Member, act: () => void): void {
    this.#awaitingSnapshot.push({ member, act });
  }

  /** For so long the host hears nobody, and nobody hears it. */
  isolate({ name }: Host, lastMs: number): void {
    const network = this.#network;
    const others = network.hosts().filter((other) => other !== name);
    for (const other of others) {
      network.block(name, other);
      network.block(other, name);
    }
    this.scheduler.after(Math.min(lastMs, this.plan.workMs - this.scheduler.now), () => {
      for (const other of others) {
        network.unblock(name, other);
        network.unblock(other, name);
      }
    });
  }

  #added(): void {
    for (const act of this.#awaitingAdded.splice(0)) this.scheduler.after(0, act);
  }

  #wentOut(member: Member, bytes: Uint8Array): void {
    if (this.#awaitingMarker.length === 0) return;
    const message = decode(bytes);
    if ('code' in message || message.kind !== 'marker') return;
    for (const act of this.#awaitingMarker.splice(0)) act(member);
  }

  #provides(provider: Member): void {
    const due = this.#awaitingSnapshot.filter(({ member }) => member === provider);
    this.#awaitingSnapshot = this.#awaitingSnapshot.filter(({ member }) => member !== provider);
    for (const { act } of due) this.scheduler.after(0, act);
  }

  /** A new incarnation of this process: with the replicas of the one before if that was excluded. */
  #start(number: number, { init = false, before }: Start = {}): void {
    const draws = !init && this.#random.chance(this.plan.observerShare);
    const observes = before?.observes ?? draws;
    const member = this.#member(number, {
      name: `p${number}`,
      replicas: before?.replicas,
      observes,
    });
    this.#processes.set(number, member);
    member.join(init);
  }

  #beside(number: number, name: string, label: string): Member {
    const member = this.#member(number, { name, label });
    member.join(false);
    return member;
  }

  #member(number: number, { name, label, replicas, observes = false }: Process): Member {
    const { plan, scheduler } = this;
    const group = this.#group;
    const host = new Host(number, name, this.#surroundings);
    const node = processorText(host.id);
    const own = this.#random.fork(`label ${number}`).chance(plan.unlabelledShare);
    const member: Member = new Member({
      host,
      group,
      observes,
      label: label ?? (own ? node : `member ${number}`),
      replicas: replicas ?? new ReplicaSet(plan.keptBytes, serviceOf(plan, number)),
      recorder: this.#recorderOf(node),
      scheduler,
      installed: (view) => {
        if (group === this.#group) this.#prospects.installed(view);
      },
      wentOut: (bytes) => this.#wentOut(member, bytes),
      provides: () => this.#provides(member),
      over: (why) => this.#over(member, number, why),
    });
    if (this.#failsNextRestore) member.replicas.journal.faults.isNextRestoreThrowing = true;
    this.#failsNextRestore = false;
    this.#applications.set(member, new Application(member, plan, this.#random.fork(node)));
    const { label: called } = member;
    member.recorder.record('started', { processor: number, label: called, observes });
    return member;
  }

  #over(member: Member, number: number, why: Ending): void {
    this.seen.add(why);
    if (why === 'state-lost' && member.group === this.#group) this.#isStateLost = true;
    const isBeside = this.#processes.get(number) !== member;
    const afterMs = why === 'left' ? 1_000 : 0;
    this.scheduler.after(afterMs, () => {
      member.end('stopped');
      if (isBeside || member.group !== this.#group) return;
      // Who was excluded is the same process, and has its replicas still.
      const start = why === 'excluded' ? { before: member } : {};
      this.scheduler.after(this.#random.between(10, 500), () => {
        if (this.#processes.get(number) === member) this.#start(number, start);
      });
    });
  }

  #init(): void {
    const random = this.#random.fork(`init ${this.#group}`);
    const [number, first] = random.pick(this.processes.filter(([, { isRunning }]) => isRunning));
    first.end('stopped');
    this.#prospects.begin();
    this.#isStateLost = false;
    this.#start(number, { init: true });
  }

  #living(): Member[] {
    return [...this.#processes.values()].filter(({ isRunning }) => isRunning);
  }

  /** Lets the application of one process work, whoever it is at the time. */
  #work(number: number): void {
    const { plan, scheduler } = this;
    const random = this.#random.fork(`work ${number}`);
    const next = (): void => {
      if (!this.#isWorking) return;
      const burst = random.chance(0.1) ? random.int(2, 30) : 1;
      const member = this.#processes.get(number);
      const application = member === undefined ? undefined : this.#applications.get(member);
      for (let i = 0; i < burst; i += 1) application?.work();
      scheduler.after(random.exponential(plan.messageEveryMs), next);
    };
    scheduler.after(random.exponential(plan.messageEveryMs), next);
  }

  /** Looks after the group: when it cannot go on for ever, the next one is made. */
  #operate(): void {
    this.scheduler.after(operatorMs, () => {
      if (!this.#isWorking) return;
      if (this.#isStateLost || this.#isLostForEver()) this.#nextGroup();
      this.#operate();
    });
  }

  #nextGroup(): void {
    this.lost += 1;
    this.#recorder.record('abandoned', { group: this.#group });
    this.#group = groupId(this.#group + 1);
    for (const number of [...this.#processes.keys()]) {
      this.#processes.get(number)?.end('stopped');
      this.#start(number);
    }
    this.#init();
  }

  #isLostForEver(): boolean {
    const living = this.#living();
    const members = living.filter(({ isInstalled }) => isInstalled).map(({ id }) => id);
    const ids = new Set<ProcessorId>(living.map(({ id }) => id));
    return this.#prospects.isLost(ids, members);
  }

  #tellStable(): void {
    if (this.#isStateLost || this.#isLostForEver()) return;
    const processors = this.#living().map(({ host }) => host.name);
    this.#recorder.record('stable', { group: this.#group, processors });
  }

  #recorderOf(node: string): Recorder {
    const { scheduler, seen } = this;
    return new Recorder(node, { trace: this.#trace, seen, now: () => scheduler.now });
  }
}

type Start = { readonly init?: boolean; readonly before?: Member };

type Process = {
  /** Where it is reached. */
  readonly name: string;
  readonly label?: string;
  readonly replicas?: ReplicaSet | undefined;
  readonly observes?: boolean;
};
