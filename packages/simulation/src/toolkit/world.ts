/**
 * The world of the suite `process-group`: three to seven processes that share a group, each a member on a processor with an application,
 * the network between them, faults.
 *
 * A process that was excluded, has left, or was refused the state comes back. A group whose state is lost is given up as one that cannot go
 * on.
 */
import { type GroupId, processorText } from '@choir/ftmp';
import type { Random, Trace } from '@choir/testkit';
import { Ground } from '../processors/ground.ts';
import { Host, type HostSurroundings } from '../processors/host.ts';
import type { Moment } from '../processors/moment.ts';
import { Operator, type Start } from '../processors/operator.ts';
import { Application } from './application.ts';
import { processFaults } from './faults.ts';
import { type Ending, Member } from './member.ts';
import type { Plan } from './plan.ts';
import { Recorder } from './recorder.ts';
import { ReplicaSet } from './replica-set.ts';
import { serviceOf } from './service.ts';

/** From when everybody has to be on the way back until all have the state. */
const returnMs = 8_000;
const quietMs = 4_000;
/** The processor of a process that joins under another's label. */
const namesakes = 100;

export class World {
  readonly plan: Plan;
  readonly seen = new Set<string>();
  readonly ground: Ground;
  readonly operator: Operator<Member>;
  /** Nobody counts retransmissions here. */
  readonly isDisorderly = true;
  readonly #random: Random;
  readonly #trace: Trace;
  readonly #surroundings: HostSurroundings;
  readonly #recorder: Recorder;
  readonly #applications = new Map<Member, Application>();
  /** A marker goes out. */
  readonly #marker: Moment<Member>;
  /** A member provides somebody with the state. */
  readonly #snapshot: Moment<Member>;
  /** The last group of which the state was lost. */
  #stateLostOf: GroupId | null = null;
  #failsNextRestore = false;

  constructor(random: Random, plan: Plan, trace: Trace) {
    this.plan = plan;
    this.#random = random;
    this.#trace = trace;
    const ground = new Ground({ random, plan, trace, faults: processFaults(this) });
    const operator: Operator<Member> = new Operator({
      ground,
      random,
      seen: this.seen,
      start: (number, start) => this.#start(number, start),
      isLost: () => this.#stateLostOf === operator.group,
      givesUp: (group) => this.#recorder.record('abandoned', { group }),
    });
    this.ground = ground;
    this.operator = operator;
    this.#marker = ground.moment();
    this.#snapshot = ground.moment();
    this.#recorder = this.#recorderOf('world');
    this.#surroundings = ground.surroundings((self, event) => operator.saw(self, event));
  }

  run(): void {
    const { ground, operator } = this;
    operator.begin(this.plan.processors);
    ground.run({
      returnMs,
      quietMs,
      work: () => {
        for (const [number] of operator.processes) this.#work(number);
        operator.operate();
      },
      stable: () => this.#tellStable(),
      quiet: () => {},
    });
    for (const member of operator.living) member.recordCopy();
  }

  /** A second process under the number and the label of another. */
  twin(number: number, { label }: Member): Member {
    return this.#beside(number, `p${number} twin`, label);
  }

  /** Another process under the label of one. */
  namesake(number: number, { label }: Member): Member {
    return this.#beside(namesakes + number, `p${number} namesake`, label);
  }

  message(one: Member, bytes: number): () => void {
    return () => this.#applications.get(one)?.multicast(bytes);
  }

  /** The next process that starts does not take the first state that it is given. */
  failNextRestore(): void {
    this.#failsNextRestore = true;
  }

  /** Does this to whoever says the next marker, in that instant, if that is while there are faults. */
  atNextMarker(act: (provider: Member) => void): void {
    this.#marker.atNext(act);
  }

  /** Does this when the member provides somebody with the state, if that is while there are faults. */
  atNextSnapshot(member: Member, act: () => void): void {
    this.#snapshot.atNext((provider) => {
      if (provider === member) this.ground.scheduler.after(0, act);
      else this.atNextSnapshot(member, act);
    });
  }

  /** For so long the process hears nobody, and nobody hears it. */
  isolate({ name }: Member, lastMs: number): void {
    const { network, scheduler } = this.ground;
    const others = network.hosts().filter((other) => other !== name);
    for (const other of others) {
      network.block(name, other);
      network.block(other, name);
    }
    scheduler.after(Math.min(lastMs, this.plan.workMs - scheduler.now), () => {
      for (const other of others) {
        network.unblock(name, other);
        network.unblock(other, name);
      }
    });
  }

  /** A new incarnation of this process: with the replicas of the one before if that was excluded. */
  #start(number: number, { init = false, before }: Start<Member>): Member {
    const draws = !init && this.#random.chance(this.plan.observerShare);
    const member = this.#member(number, {
      name: `p${number}`,
      replicas: before?.replicas,
      observes: before?.observes ?? draws,
    });
    member.join(init);
    return member;
  }

  #beside(number: number, name: string, label: string): Member {
    const member = this.#member(number, { name, label });
    member.join(false);
    return member;
  }

  #member(number: number, { name, label, replicas, observes = false }: Process): Member {
    const { plan, operator } = this;
    const { scheduler } = this.ground;
    const { group } = operator;
    const host = new Host(number, name, this.#surroundings);
    const node = processorText(host.id);
    const own = this.#random.fork(`label ${number}`).chance(plan.unlabelledShare);
    const member: Member = new Member({
      host,
      group,
      observes,
      pieceSizes: plan.pieceSizes,
      label: label ?? (own ? node : `member ${number}`),
      replicas: replicas ?? new ReplicaSet(plan.keptBytes, serviceOf(plan, number)),
      recorder: this.#recorderOf(node),
      scheduler,
      installed: (view) => {
        if (group === operator.group) operator.installed(view);
      },
      marked: () => this.#marker.happens(member),
      provides: () => this.#snapshot.happens(member),
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
    const { operator } = this;
    const { scheduler } = this.ground;
    this.seen.add(why);
    if (why === 'state-lost' && member.group === operator.group) this.#stateLostOf = member.group;
    const isBeside = operator.get(number) !== member;
    const afterMs = why === 'left' ? 1_000 : 0;
    scheduler.after(afterMs, () => {
      member.stop();
      if (isBeside || member.group !== operator.group) return;
      // Who was excluded is the same process, and has its replicas still.
      const start = why === 'excluded' ? { before: member } : {};
      scheduler.after(this.#random.between(10, 500), () => {
        if (operator.get(number) === member) operator.start(number, start);
      });
    });
  }

  /** Lets the application of one process work, whoever it is at the time. */
  #work(number: number): void {
    this.ground.work(this.#random.fork(`work ${number}`), () => {
      const member = this.operator.get(number);
      if (member !== undefined) this.#applications.get(member)?.work();
    });
  }

  #tellStable(): void {
    const { group, living } = this.operator;
    if (this.operator.isLost()) return;
    this.#recorder.record('stable', { group, processors: living.map(({ name }) => name) });
  }

  #recorderOf(node: string): Recorder {
    const { scheduler } = this.ground;
    return new Recorder(node, { trace: this.#trace, seen: this.seen, now: () => scheduler.now });
  }
}

type Process = {
  /** Where it is reached. */
  readonly name: string;
  readonly label?: string;
  readonly replicas?: ReplicaSet | undefined;
  readonly observes?: boolean;
};
