/**
 * What the suite `ftmp` must meet: every message type, each reliable one also as a retransmission, every fault, and what
 * can become of a processor. Exhaustive by type: a new message is expected from the day on which it exists.
 */
import type { MessageTypeName, View } from '@choir/ftmp';
import { datagramFaultNames } from '@choir/testkit/datagrams';
import { processorFaultNames } from '../processors/fault-names.ts';

type All<Kind extends string> = Readonly<Record<Kind, boolean>>;

const types: All<MessageTypeName> = {
  regular: true,
  retransmitRequest: true,
  heartbeat: true,
  connectRequest: false,
  connect: false,
  addProcessor: true,
  removeProcessor: true,
  suspect: true,
  membership: true,
  join: true,
  refuse: true,
  // Only where all who knew a removed processor have gone: too rare to be asked for.
  announce: false,
  slice: true,
};

const again: readonly MessageTypeName[] = [
  'regular',
  'addProcessor',
  'removeProcessor',
  'suspect',
  'membership',
];

const causes: All<View['cause']> = {
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
];

export const expectedOfFtmp: readonly string[] = [
  ...named(types),
  ...again.map((type) => `again ${type}`),
  ...named(causes).map((cause) => `view ${cause}`),
  ...others,
  ...[...datagramFaultNames, ...processorFaultNames].map((name) => `fault ${name}`),
];

function named(all: All<string>): string[] {
  return Object.keys(all).filter((name) => all[name]);
}
