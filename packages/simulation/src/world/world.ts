/**
 * The world of one seed: a server, clients, the network between them, and whoever works and breaks. It runs in
 * three phases: work under faults; healing, until everybody is back; quiet, until nothing is under way.
 */
import type { ClientId } from '@choir/protocol';
import {
  diskFaults,
  FaultPlan,
  Network,
  networkFaults,
  ProcessClock,
  type Random,
  Scheduler,
  type Trace,
} from '@choir/testkit';
import { Recorder } from '../record/recorder.ts';
import { admin, type Plan } from '../workload/plan.ts';
import { User } from '../workload/user.ts';
import { Workload } from '../workload/workload.ts';
import type { Frame } from './frame.ts';
import { Issuer } from './issuer.ts';
import { processFaults } from './process-faults.ts';
import { RawClient } from './raw-client.ts';
import { ServerProcess, serverHost } from './server-process.ts';
import type { Surroundings } from './surroundings.ts';

const names = ['ann', 'bob', 'cid', 'dot', 'eve', 'fay', 'gus', 'hal'] as const;
/** How long healing may take before the seed fails: retries back off up to 15 s. */
const healingMsMax = 120_000;
/** How long what is still due may take then: news of members waits longest, for up to 2 s. */
const stillMsMax = 5_000;
/** What a seed must have had to count. */
const bittenMin = 3;
const entriesMin = 100;
const operationsMin = 200;

export class World {
  readonly surroundings: Surroundings;
  readonly server: ServerProcess;
  readonly users: readonly User[];
  readonly workload: Workload;
  readonly faults: FaultPlan;
  readonly #plan: Plan;
  readonly #trace: Trace;
  readonly #raws: readonly RawClient[];
  readonly #recorder: Recorder;

  constructor(random: Random, plan: Plan, trace: Trace) {
    const scheduler = new Scheduler();
    const { link } = plan;
    const network = new Network<Frame>({ scheduler, random: random.fork('network'), link });
    this.#plan = plan;
    this.#trace = trace;
    this.#recorder = new Recorder(scheduler, trace, 'world');
    const surroundings = {
      scheduler,
      network,
      random,
      recorder: this.#recorder,
      issuer:
        plan.tokenMs === null ? null : new Issuer(scheduler, random.fork('issuer'), plan.tokenMs),
      seen: new Set<string>(),
    };
    this.surroundings = surroundings;
    const { settings, driftPpm } = plan;
    this.server = new ServerProcess(surroundings, { settings, driftPpm: driftPpm[0] });
    this.users = names.slice(0, plan.clients).map((name, index) => {
      const clock = new ProcessClock(scheduler, { driftPpm: driftPpm[1] });
      return new User(surroundings, {
        name,
        clock,
        clientId: index === 0 ? admin : null,
        outboxMax: 60,
      });
    });
    this.workload = new Workload(surroundings, plan, this.users);
    this.#raws = Array.from({ length: plan.rawClients }, (_, index) => this.#rawClient(index));
    this.faults = this.#faultPlan(random);
  }

  /** Enough was done, and enough faults bit, for the seed to count. */
  hasEnough(): boolean {
    const { disk } = this.server;
    return (
      this.workload.operations >= operationsMin &&
      disk.contents.entries.length >= entriesMin &&
      this.faults.bitten >= bittenMin
    );
  }

  /** Everything that happens under this seed: a minute of it, and more where little could happen. */
  run(): void {
    const { scheduler } = this.surroundings;
    this.#recorder.record('phase', { phase: 'work' });
    this.server.start();
    for (const user of this.users) user.startAfter(user.random.between(0, 500));
    this.workload.start();
    this.faults.start();
    scheduler.run(this.#plan.workMs);
    while (!this.hasEnough() && scheduler.now < 3 * this.#plan.workMs)
      scheduler.run(scheduler.now + 1_000);
    this.heal();
    this.settle();
  }

  /** No fault strikes any more, and everybody comes back. */
  heal(): void {
    this.#recorder.record('phase', { phase: 'healing' });
    this.workload.stop();
    this.faults.stop();
    this.server.disarm();
    for (const raw of this.#raws) raw.stop();
    this.surroundings.issuer?.heal();
    const { scheduler } = this.surroundings;
    const until = scheduler.now + healingMsMax;
    do {
      this.server.start();
      for (const user of this.users) user.start();
      scheduler.run(scheduler.now + 250);
    } while (!this.#isHealed() && scheduler.now < until);
  }

  /** Waits for what is still due, then has everybody say what it has in the end. */
  settle(): void {
    const { scheduler } = this.surroundings;
    scheduler.run(scheduler.now + this.#plan.quietMs);
    const until = scheduler.now + stillMsMax;
    while (!this.#isStill() && scheduler.now < until) scheduler.run(scheduler.now + 1);
    this.#recorder.record('phase', { phase: 'quiet' });
    for (const { process } of this.users) process?.recordCopies();
    let closed = false;
    this.server.shutdown(() => {
      closed = true;
    });
    for (let tries = 0; tries < 100 && !closed; tries += 1) scheduler.run(scheduler.now + 20);
    this.server.recordKept();
  }

  get hash(): string {
    return this.#trace.hash;
  }

  #isHealed(): boolean {
    return (
      this.server.running &&
      this.users.every(({ process }) => {
        if (process === null || process.ended || !process.connected) return false;
        return process.live && process.session.pending === 0;
      })
    );
  }

  /** Nothing is on its way, neither to a disk nor over a connection, and nothing is kept back. */
  #isStill(): boolean {
    const { network } = this.surroundings;
    if (this.server.disk.busy || !this.server.even) return false;
    return network
      .connections()
      .every((connection) => connection.in(0).inFlight + connection.in(1).inFlight === 0);
  }

  #rawClient(index: number): RawClient {
    const { groups, objects } = this.#plan;
    // Who asks first for an id that nobody has yet gets it; only later claims are false.
    const known = (): ClientId[] =>
      this.users.flatMap(({ owner }) => (owner.registered ? (owner.clientId ?? []) : []));
    const options = { node: `raw-${index + 1}`, groups, objects, known, everyMs: 700 };
    return new RawClient(options, this.surroundings);
  }

  #faultPlan(random: Random): FaultPlan {
    const { scheduler, network } = this.surroundings;
    const { faults: weights, faultLastMs: lastMs, faultEveryMs: everyMs } = this.#plan;
    const disks = new Map([[serverHost, this.server.disk]]);
    return new FaultPlan({
      scheduler,
      random: random.fork('strikes'),
      trace: this.#trace,
      everyMs,
      faults: [
        ...networkFaults(network, { weights, lastMs, learnMsMax: 5_000 }),
        ...diskFaults(() => disks, { weights, lastMs }),
        ...processFaults(this, weights, lastMs),
      ],
    });
  }
}
