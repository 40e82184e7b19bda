/**
 * The plan of one run, drawn from its seed, swarm style: not only what happens when, but also what can happen
 * at all, how often, over which links, against which limits. Runs differ in kind.
 */

import type { ClientId, ObjectId } from '@choir/protocol';
import { type GroupName, parseClientId, parseGroupName, parseObjectId } from '@choir/protocol';
import type { HostSettings } from '@choir/server/host';
import {
  diskFaultNames,
  drawLink,
  drawWeights,
  type Link,
  networkFaultNames,
  type Random,
} from '@choir/testkit';
import { processFaultNames } from '../world/process-fault-names.ts';
import { type OperationName, operationNames } from './operation-names.ts';

export type Plan = {
  readonly clients: number;
  readonly rawClients: number;
  readonly groups: readonly GroupName[];
  readonly objects: readonly ObjectId[];
  readonly operations: Readonly<Record<OperationName, number>>;
  /** Mean time from one operation of all clients to the next. */
  readonly operationEveryMs: number;
  readonly faults: Readonly<Record<FaultName, number>>;
  readonly faultEveryMs: number;
  readonly faultLastMs: readonly [number, number];
  readonly link: Link;
  readonly settings: Partial<HostSettings>;
  /** How long tokens last; null where the server asks for none. */
  readonly tokenMs: number | null;
  readonly driftPpm: readonly [server: number, clients: number];
  readonly graceMsMax: number;
  readonly absenceMsMax: number;
  readonly largeShare: number;
  readonly largeBytes: number;
  readonly workMs: number;
  readonly quietMs: number;
};

export const faultNames = [...networkFaultNames, ...diskFaultNames, ...processFaultNames] as const;
export type FaultName = (typeof faultNames)[number];

/** The client that may checkpoint, break locks and delete groups. */
export const admin = known(parseClientId('admin'));

const groupNames = ['team/plan', 'team/talk', 'team/draw', 'solo', 'hall'].map((name) =>
  known(parseGroupName(name)),
);

export function drawPlan(random: Random): Plan {
  const groups = groupNames.slice(0, random.int(2, groupNames.length));
  const objects = Array.from({ length: random.int(1, 5) }, (_, index) =>
    known(parseObjectId(`object-${index + 1}`)),
  );
  const shortestMs = random.pick([50, 200, 1_000]);
  // Nothing fits anywhere, and nobody waits long for a reader.
  const tight = random.chance(0.2);
  const link = drawNetworkLink(random);
  const drawn = drawSettings(random.fork('settings'));
  const tokenMs = drawTokens(random.fork('tokens'));
  const settings = { ...drawn, asksForCredentials: tokenMs !== null };
  return {
    clients: random.int(3, 8),
    rawClients: random.chance(0.5) ? 1 : 0,
    groups,
    objects,
    operations: drawOperations(random.fork('operations')),
    operationEveryMs: random.between(150, 240),
    faults: drawWeights(random.fork('faults'), faultNames),
    faultEveryMs: 800 * 8 ** random.unit(),
    faultLastMs: [shortestMs, shortestMs * random.between(5, 40)],
    link: tight ? { ...link, kernelBytes: 300 } : link,
    settings: tight ? { ...settings, sendBufferBytes: 300, tooSlowMs: 1_000 } : settings,
    tokenMs,
    driftPpm: [random.between(-200, 200), random.between(-200, 200)],
    graceMsMax: random.pick([500, 3_000, 10_000]),
    absenceMsMax: random.pick([1_000, 5_000, 20_000]),
    largeShare: random.chance(0.3) ? random.between(0.02, 0.2) : 0,
    largeBytes: random.pick([2_000, 20_000]),
    workMs: 60_000,
    quietMs: random.pick([8_000, 12_000, 20_000]),
  };
}

/** What everything else follows from is never left out. */
function drawOperations(random: Random): Record<OperationName, number> {
  const weights = drawWeights(random, operationNames);
  const least: Partial<Record<OperationName, number>> = { join: 0.5, bcast: 0.5, write: 0.5 };
  for (const name of operationNames) weights[name] = Math.max(weights[name], least[name] ?? 0);
  return weights;
}

/** Some last for less than it takes to come back, and some for longer than the run. */
function drawTokens(random: Random): number | null {
  return random.chance(0.35) ? random.pick([2_000, 8_000, 30_000, 600_000]) : null;
}

function drawNetworkLink(random: Random): Link {
  const kernelBytes = random.pick([500, 2_000, 16_000, 256_000]);
  return { ...drawLink(random), kernelBytes };
}

/** Small limits are met by small workloads; each is left alone in most runs. */
function drawSettings(random: Random): Partial<HostSettings> {
  const heartbeatMs = random.pick([1_000, 3_000, 10_000]);
  const settings: { -readonly [Name in keyof HostSettings]?: HostSettings[Name] } = {
    version: 'simulated',
    admins: new Set<ClientId>([admin]),
    heartbeatMs,
    idleMs: 3 * heartbeatMs,
    tooSlowMs: random.pick([1_500, 5_000, 120_000]),
  };
  if (random.chance(0.4)) settings.sendBufferBytes = random.pick([500, 4_000, 32_000]);
  if (random.chance(0.3)) settings.owedMax = random.pick([1, 3, 16]);
  if (random.chance(0.2)) settings.watchesMax = 1;
  if (random.chance(0.3)) settings.volatilesMax = random.int(1, 4);
  if (random.chance(0.5)) settings.tailBytes = random.pick([0, 1_000, 10_000]);
  if (random.chance(0.4)) settings.contentBytes = random.pick([0, 500, 5_000]);
  if (random.chance(0.3)) settings.groupContentBytes = random.pick([100, 2_000]);
  if (random.chance(0.4)) settings.pageBytes = random.pick([100, 1_000, 8_000]);
  if (random.chance(0.4)) settings.readsMax = random.int(1, 2);
  if (random.chance(0.4)) settings.chunkBytes = random.pick([50, 500, 5_000]);
  if (random.chance(0.4)) settings.rowsDelayMs = random.pick([0, 5, 500]);
  if (random.chance(0.3)) settings.rowsBytes = random.pick([1, 500]);
  if (random.chance(0.6)) settings.snapshotEntries = random.pick([1, 7, 40]);
  if (random.chance(0.5)) settings.fedPerTurn = random.pick([1, 2, 5]);
  if (random.chance(0.5)) settings.membershipNewsAbove = random.int(0, 3);
  if (random.chance(0.3)) settings.membershipNewsMs = random.pick([1, 2_000]);
  if (random.chance(0.3)) {
    settings.retention = [{ groups: '*', entries: random.int(1, 20) }];
    settings.retentionMs = random.pick([200, 3_000]);
  }
  return settings;
}

function known<T>(value: T | null): T {
  if (value === null) throw new Error('A name of the workload is none.');
  return value;
}
