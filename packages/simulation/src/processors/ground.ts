/** What a world of processors stands on: virtual time, the network, faults while there is work, and the course of a run. */
import type { ProcessorId, ProtocolEvent } from '@choir/ftmp';
import { type Fault, FaultPlan, type Random, Scheduler, type Trace } from '@choir/testkit';
import { DatagramNetwork, datagramFaults, type Tap } from '@choir/testkit/datagrams';
import type { HostSurroundings } from './host.ts';
import { Moment } from './moment.ts';
import { type Plan, packetBytes } from './plan.ts';

export type GroundOptions = {
  readonly random: Random;
  readonly plan: Plan;
  readonly trace: Trace;
  /** Beside those of the network. */
  readonly faults: readonly Fault[];
  /** Told of every copy of a datagram that will not arrive as it was sent. */
  readonly lost?: Tap;
};

/** What a world does in the course of a run. */
export type Course = {
  /** The work begins. */
  readonly work: () => void;
  /** Everybody has to be on the way back. */
  readonly stable: () => void;
  /** From then until everybody has to be in. */
  readonly returnMs: number;
  /** The work is over. */
  readonly quiet: () => void;
  readonly quietMs: number;
};

/** From the end of the faults until everybody has to be on the way back. */
const restartMs = 6_000;
const firstFaultMs = 500;

export class Ground {
  readonly scheduler = new Scheduler();
  readonly network: DatagramNetwork;
  readonly #options: GroundOptions;
  readonly #faults: FaultPlan;
  readonly #moments: { clear(): void }[] = [];
  #isWorking = true;

  constructor(options: GroundOptions) {
    const { random, plan, trace, faults, lost } = options;
    const { scheduler } = this;
    this.#options = options;
    this.network = new DatagramNetwork({
      scheduler,
      random: random.fork('network'),
      latencyMs: plan.latencyMs,
      passesBytes: plan.passesBytes,
      narrow: plan.narrow === null ? null : { host: `p${plan.narrow}`, passesBytes: packetBytes },
      weather: plan.weather,
      ...(lost === undefined ? {} : { lost }),
    });
    this.#faults = new FaultPlan({
      scheduler,
      random: random.fork('faults'),
      trace,
      everyMs: plan.faultEveryMs,
      faults: [
        ...datagramFaults(this.network, { weights: plan.datagramWeights, lastMs: [50, 4_000] }),
        ...faults,
      ],
    });
  }

  /** Whether there is work still. */
  get isWorking(): boolean {
    return this.#isWorking;
  }

  get faultsThatBit(): number {
    return this.#faults.bitten;
  }

  /** What the hosts of the world stand on. @param watch is shown everything that a processor does */
  surroundings(watch: (self: ProcessorId, event: ProtocolEvent) => void): HostSurroundings {
    const { scheduler, network } = this;
    const { random, plan } = this.#options;
    return {
      scheduler,
      network,
      random: random.fork('processors'),
      plan,
      hosts: new Map(),
      watch,
    };
  }

  /** One for which faults wait: nothing is done at it when they are over. */
  moment<Who = void>(): Moment<Who> {
    const moment = new Moment<Who>();
    this.#moments.push(moment);
    return moment;
  }

  /** Has one processor work, now and then in a burst, as long as there is work. */
  work(random: Random, act: () => void): void {
    const { messageEveryMs } = this.#options.plan;
    const next = (): void => {
      if (!this.#isWorking) return;
      const burst = random.chance(0.1) ? random.int(2, 30) : 1;
      for (let i = 0; i < burst; i += 1) act();
      this.scheduler.after(random.exponential(messageEveryMs), next);
    };
    this.scheduler.after(random.exponential(messageEveryMs), next);
  }

  run({ work, stable, returnMs, quiet, quietMs }: Course): void {
    const { scheduler } = this;
    this.#phase('work');
    scheduler.after(firstFaultMs, () => this.#faults.start());
    work();
    scheduler.run(this.#options.plan.workMs);
    this.#faults.stop();
    for (const moment of this.#moments) moment.clear();
    this.network.setWeather({});
    this.#phase('healing');
    scheduler.run(scheduler.now + restartMs);
    stable();
    scheduler.run(scheduler.now + returnMs);
    this.#isWorking = false;
    quiet();
    this.#phase('quiet');
    scheduler.run(scheduler.now + quietMs);
  }

  #phase(phase: 'work' | 'healing' | 'quiet'): void {
    const { trace } = this.#options;
    trace.record({ t: this.scheduler.now, node: 'world', kind: 'phase', phase });
  }
}
