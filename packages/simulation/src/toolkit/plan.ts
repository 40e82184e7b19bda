/** What a seed of the suite `process-group` is like: that of processors, and what their members do. */
import type { PieceSizes } from '@choir/process-group/core';
import { drawWeights, type Random } from '@choir/testkit';
import { drawPlan, type Plan as ProcessorsPlan } from '../processors/plan.ts';
import { type MemberFaultName, memberFaultNames } from './fault-names.ts';
import { type OperationName, operationNames } from './operation-names.ts';

export type Plan = ProcessorsPlan & {
  readonly memberWeights: Readonly<Record<MemberFaultName, number>>;
  readonly operationWeights: Readonly<Record<OperationName, number>>;
  /** How many keys and locks the members share. */
  readonly keys: number;
  readonly locks: number;
  /** Processes up to this number serve behind logical connections; all of them: with a state. */
  readonly servers: number;
  readonly connections: number;
  /** How much of each message the state keeps, in bytes. */
  readonly keptBytes: number;
  /** Of the pieces in which a state is sent. */
  readonly pieceSizes: PieceSizes;
  /** How often an application says something more when it is told something. */
  readonly echoShare: number;
  /** How often a process that starts keeps no state. */
  readonly observerShare: number;
  /** How often a process has no label of its own. */
  readonly unlabelledShare: number;
};

const pieceSizes: readonly [PieceSizes, ...PieceSizes[]] = [
  { min: 128, max: 1_024, bits: 7 },
  { min: 1_024, max: 8_192, bits: 10 },
];

export function drawToolkitPlan(random: Random): Plan {
  const plan = drawPlan(random.fork('processors'), 'mixed');
  const connections = random.fork('connections');
  const weights = drawWeights(random, operationNames);
  return {
    ...plan,
    settings: { ...plan.settings, queueMessages: random.pick([4, 64, 8_192]) },
    hasConnection: false,
    messageEveryMs: (plan.processors * plan.workMs) / random.between(350, 800),
    memberWeights: drawWeights(random, memberFaultNames),
    // Each call is a request and the replies of all who serve.
    operationWeights: { ...weights, multicast: 1, call: 0.5 * weights.call },
    keys: random.int(1, 5),
    locks: random.int(1, 3),
    servers: connections.chance(0.3)
      ? plan.processors
      : connections.int(1, Math.min(3, plan.processors - 1)),
    connections: connections.int(1, 4),
    pieceSizes: random.fork('pieces').pick(pieceSizes),
    keptBytes: random.pick([0, 40, 40, 400, 2_000, 20_000]),
    echoShare: random.pick([0, 0.02, 0.05]),
    unlabelledShare: random.pick([0, 0, 0.3]),
    observerShare: random.pick([0, 0, 0.1, 0.25]),
  };
}
