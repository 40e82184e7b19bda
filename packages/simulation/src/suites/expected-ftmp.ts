/**
 * What the suite `ftmp` must meet: every message type, each reliable one also as a retransmission, every cause of a view, every fault, and
 * what is listed of deliveries, suspicions, rounds, connections and processors. A type, a cause or a fault is expected from the day on which
 * it exists.
 *
 * Not asked for: `refused`, which its workload never brings about, and `slow`, which it hardly does.
 */
import { services, type View } from '@choir/ftmp';
import { datagramFaultNames } from '@choir/testkit/datagrams';
import { processorFaultNames } from '../processors/fault-names.ts';

const types = Object.keys(services);

const again = Object.entries(services)
  .filter(([, { reliable }]) => reliable)
  .map(([type]) => type);

/** Exhaustive by type. */
const causes: Readonly<Record<View['cause'], true>> = {
  first: true,
  joined: true,
  added: true,
  removed: true,
  fault: true,
};

const others = [
  'delivered agreed',
  'delivered safe',
  'delivered transitional',
  'suspected',
  'trusted',
  'proposed again',
  'decided in a later round',
  'excluded',
  'left',
  'blocked',
  'unblocked',
  'barred',
  'connection opened',
  'connection moved',
  'suppressed duplicate',
  'suppressed moved',
  'full',
  'writable',
  'stalled',
];

export const expectedOfFtmp: readonly string[] = [
  ...types,
  ...again.map((type) => `again ${type}`),
  ...Object.keys(causes).map((cause) => `view ${cause}`),
  ...others,
  ...[...datagramFaultNames, ...processorFaultNames].map((name) => `fault ${name}`),
];
