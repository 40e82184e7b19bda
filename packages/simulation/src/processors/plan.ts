/** What a seed of the suite `ftmp` is like: drawn once, before anything happens. */
import { defaultSettings, type Settings } from '@choir/ftmp';
import { drawWeights, type Random } from '@choir/testkit';
import {
  type DatagramFaultName,
  datagramBytesMax,
  datagramFaultNames,
  type Weather,
} from '@choir/testkit/datagrams';
import { type ProcessorFaultName, processorFaultNames } from './fault-names.ts';

export type Plan = {
  readonly processors: number;
  readonly settings: Settings;
  readonly weather: Weather;
  readonly latencyMs: number;
  /** Larger datagrams never arrive. */
  readonly passesBytes: number;
  /** The processor to and from which only packets pass, whatever passes elsewhere; null: none. */
  readonly narrow: number | null;
  /** There is no multicast: what is for the group goes to each by itself. */
  readonly fansOut: boolean;
  readonly datagramWeights: Readonly<Record<DatagramFaultName, number>>;
  readonly processorWeights: Readonly<Record<ProcessorFaultName, number>>;
  /** Datagrams do not overtake each other, but by the jitter of the network. */
  readonly isOrderly: boolean;
  /** How long processors stand still, in suspicion times. */
  readonly pausesOf: readonly number[];
  readonly faultEveryMs: number;
  /** Mean time from one message of a processor to its next. */
  readonly messageEveryMs: number;
  readonly safeShare: number;
  /** The share of messages that are longer than a datagram. */
  readonly longShare: number;
  /** How near to their wrap-around the counters start; null: at 0. */
  readonly nearWrap: number | null;
  readonly workMs: number;
  /** A logical connection is open in the group, is used by several replicas, and moves now and then. */
  readonly hasConnection: boolean;
};

const workMs = 60_000;
/** What networks pass in one packet. */
export const packetBytes = 1_400;

/**
 * How faults are chosen: any of them at any time; those that strike in the midst of recovery; only those that nobody may be
 * excluded for.
 */
export type Emphasis = 'mixed' | 'recovery' | 'calm';

export function drawPlan(random: Random, emphasis: Emphasis): Plan {
  const isOrderly = random.chance(0.4);
  // L6 is promised up to the worst loss.
  const isGentle = random.chance(0.3) && emphasis !== 'calm';
  const processors = random.int(3, 7);
  return {
    processors,
    settings: drawSettings(random),
    weather: {
      loss: random.chance(0.5) ? random.between(0, isGentle ? 0.02 : 0.2) : 0,
      duplicate: random.chance(0.5) ? random.between(0, 0.1) : 0,
      reorder: !isOrderly && random.chance(0.7) ? random.between(0, 0.2) : 0,
    },
    latencyMs: random.between(0.05, 2),
    passesBytes: random.chance(0.4) ? random.pick([packetBytes, 30_000]) : datagramBytesMax,
    isOrderly,
    datagramWeights: drawDatagramWeights(random, emphasis, isOrderly),
    processorWeights: only(drawWeights(random, processorFaultNames), emphasis, ['pause', 'kill']),
    pausesOf: emphasis === 'calm' ? [0.2, 0.5] : [0.3, 0.5, 1.5, 4, 10],
    faultEveryMs:
      emphasis === 'recovery' ? random.between(700, 2_500) : random.between(1_500, 6_000),
    messageEveryMs: (processors * workMs) / random.between(300, 900),
    safeShare: random.chance(0.3) ? 0 : random.between(0, 0.5),
    longShare: random.chance(0.4) ? 0 : random.between(0, 0.1),
    nearWrap: random.chance(0.3) ? random.int(1, 3_000) : null,
    workMs,
    hasConnection: random.chance(0.4),
    narrow: random.chance(0.3) ? random.int(1, processors) : null,
    fansOut: random.chance(0.5),
  };
}

function drawDatagramWeights(
  random: Random,
  emphasis: Emphasis,
  isOrderly: boolean,
): Readonly<Record<DatagramFaultName, number>> {
  const weights = only(drawWeights(random, datagramFaultNames), emphasis, calmDatagramFaults);
  return isOrderly ? { ...weights, 'reorder-storm': 0, 'delay-spike': 0 } : weights;
}

const calmDatagramFaults = ['duplicate-storm', 'reorder-storm'] as const;

/** A calm run has these faults alone, all of them. */
function only<Name extends string>(
  weights: Readonly<Record<Name, number>>,
  emphasis: Emphasis,
  calm: readonly NoInfer<Name>[],
): Readonly<Record<Name, number>> {
  if (emphasis !== 'calm') return weights;
  const kept: Record<Name, number> = { ...weights };
  for (const name of Object.keys(weights) as Name[]) kept[name] = calm.includes(name) ? 1 : 0;
  return kept;
}

function drawSettings(random: Random): Settings {
  return {
    ...defaultSettings,
    // Small ones bring about back-pressure.
    queueMessages: random.fork('queue').pick([16, 64, defaultSettings.queueMessages]),
    order: random.chance(0.5) ? 'big' : 'little',
    datagramBytes: random.pick([576, packetBytes, 16_000, 63_000]),
    packetBytes,
    windowMessages: random.pick([8, 64, 512]),
    windowBytes: random.pick([32 * 1024, 1024 * 1024]),
    reach: 4_096,
  };
}
