/** What a seed of the suite `ftmp` is like: drawn once, before anything happens. */
import { defaultSettings, type Settings } from '@choir/ftmp';
import { drawWeights, type Random } from '@choir/testkit';
import { type DatagramFaultName, datagramFaultNames, type Weather } from '@choir/testkit/datagrams';
import { type ProcessorFaultName, processorFaultNames } from './fault-names.ts';

export type Plan = {
  readonly processors: number;
  readonly settings: Settings;
  readonly weather: Weather;
  readonly latencyMs: number;
  readonly datagramWeights: Readonly<Record<DatagramFaultName, number>>;
  readonly processorWeights: Readonly<Record<ProcessorFaultName, number>>;
  readonly faultEveryMs: number;
  /** Mean time from one message of a processor to its next. */
  readonly messageEveryMs: number;
  readonly safeShare: number;
  /** The share of messages that are longer than a datagram. */
  readonly longShare: number;
  /** How near to their wrap-around the counters start; null: at 0. */
  readonly nearWrap: number | null;
  readonly workMs: number;
};

const workMs = 60_000;

/** How faults are chosen: any of them at any time, or those that strike in the midst of recovery. */
export type Emphasis = 'mixed' | 'recovery';

export function drawPlan(random: Random, emphasis: Emphasis): Plan {
  const calm = random.chance(0.3);
  const processors = random.int(3, 7);
  return {
    processors,
    settings: drawSettings(random),
    weather: {
      loss: random.chance(0.5) ? random.between(0, calm ? 0.02 : 0.2) : 0,
      duplicate: random.chance(0.5) ? random.between(0, 0.1) : 0,
      reorder: random.chance(0.5) ? random.between(0, 0.2) : 0,
    },
    latencyMs: random.between(0.05, 2),
    datagramWeights: drawWeights(random, datagramFaultNames),
    processorWeights: drawWeights(random, processorFaultNames),
    faultEveryMs:
      emphasis === 'recovery' ? random.between(700, 2_500) : random.between(1_500, 6_000),
    messageEveryMs: (processors * workMs) / random.between(300, 900),
    safeShare: random.chance(0.3) ? 0 : random.between(0, 0.5),
    longShare: random.chance(0.4) ? 0 : random.between(0, 0.1),
    nearWrap: random.chance(0.3) ? random.int(1, 3_000) : null,
    workMs,
  };
}

function drawSettings(random: Random): Settings {
  return {
    ...defaultSettings,
    order: random.chance(0.5) ? 'big' : 'little',
    datagramBytes: random.pick([576, 1_400, 8_192]),
    windowMessages: random.pick([8, 64, 512]),
    windowBytes: random.pick([32 * 1024, 1024 * 1024]),
    reach: 4_096,
  };
}
