/**
 * The seeded fault plan: which faults strike, when, how hard, and when they are over.
 *
 * Boundary: a fault is anything with a name, a weight and a `strike`; the network, the disks and
 * the clocks bring theirs, the world adds its own (kill, pause). The plan only draws and times.
 *
 * Invariants:
 * F1 All of a plan follows from its random stream and from what `strike` finds in the world.
 * F2 After `stop` everything that can be healed is healed, and nothing strikes any more.
 */
import type { Random } from './random.ts';
import type { Alarm, Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

/** What a strike did; null when there was nothing to strike. */
export type Strike = {
  /** What was hit, for the trace. */
  readonly hit: string;
  /** It met something at work, rather than an idle connection or disk: "it bit". */
  readonly bit: boolean;
  readonly heal?: { readonly afterMs: number; readonly act: () => void };
};

export type Fault = {
  readonly name: string;
  /** How often, relative to the others; zero is never. */
  readonly weight: number;
  strike(random: Random): Strike | null;
};

export type FaultPlanOptions = {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly faults: readonly Fault[];
  /** Mean time from one strike to the next. */
  readonly everyMs: number;
};

export class FaultPlan {
  readonly #options: FaultPlanOptions;
  readonly #byName: ReadonlyMap<string, Fault>;
  readonly #weights: Record<string, number> = {};
  readonly #healing = new Map<Alarm, () => void>();
  #next: Alarm | null = null;
  #struck = 0;
  #bitten = 0;

  constructor(options: FaultPlanOptions) {
    this.#options = options;
    this.#byName = new Map(options.faults.map((fault) => [fault.name, fault]));
    for (const fault of options.faults) {
      if (fault.weight > 0) this.#weights[fault.name] = fault.weight;
    }
  }

  /** Strikes so far, and how many of them bit. */
  get struck(): number {
    return this.#struck;
  }

  get bitten(): number {
    return this.#bitten;
  }

  start(): void {
    if (Object.keys(this.#weights).length === 0) return;
    const { scheduler, random, everyMs } = this.#options;
    this.#next = scheduler.after(random.exponential(everyMs), () => {
      this.#strike();
      this.start();
    });
  }

  /** Heals everything, in the order in which it would have healed (F2). */
  stop(): void {
    this.#options.scheduler.cancel(this.#next);
    this.#next = null;
    const open = [...this.#healing].sort(([one], [other]) => one.time - other.time);
    for (const [alarm, act] of open) {
      this.#options.scheduler.cancel(alarm);
      act();
    }
    this.#healing.clear();
  }

  #strike(): void {
    const { random, trace, scheduler } = this.#options;
    const name = random.weighted(this.#weights);
    const strike = this.#byName.get(name)?.strike(random) ?? null;
    if (strike === null) return;
    this.#struck += 1;
    if (strike.bit) this.#bitten += 1;
    const { hit, bit, heal } = strike;
    const lasts = heal?.afterMs ?? null;
    trace.record({ t: scheduler.now, node: 'world', kind: 'fault', fault: name, hit, bit, lasts });
    if (heal !== undefined) this.#healLater(name, hit, heal);
  }

  #healLater(name: string, hit: string, heal: NonNullable<Strike['heal']>): void {
    const { scheduler, trace } = this.#options;
    const act = (): void => {
      trace.record({ t: scheduler.now, node: 'world', kind: 'heal', fault: name, hit });
      heal.act();
    };
    const alarm = scheduler.after(heal.afterMs, () => {
      this.#healing.delete(alarm);
      act();
    });
    this.#healing.set(alarm, act);
  }
}

/**
 * Weights for one run, drawn so that runs differ in kind and not only in detail: each fault is
 * left out of some runs and dominates others.
 */
export function drawWeights<Name extends string>(
  random: Random,
  names: readonly Name[],
): Record<Name, number> {
  const weights = {} as Record<Name, number>;
  for (const name of names) weights[name] = random.chance(0.3) ? 0 : random.exponential(1);
  return weights;
}
