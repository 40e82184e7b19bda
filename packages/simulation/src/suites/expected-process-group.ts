/** What the suite `process-group` must meet: every fault, everything that a member is told, and what can become of it. */
import type { CoreEffect } from '@choir/process-group/core';
import { datagramFaultNames } from '@choir/testkit/datagrams';
import { processorFaultNames } from '../processors/fault-names.ts';
import { memberFaultNames } from '../toolkit/fault-names.ts';

type All<Kind extends string> = Readonly<Record<Kind, boolean>>;

const effects: All<CoreEffect['kind']> = {
  view: true,
  message: true,
  request: true,
  replies: true,
  snapshot: true,
  restore: true,
  refused: true,
  'state-lost': true,
  unreadable: true,
};

const others = [
  'joined with the state',
  'joined without the state',
  'returned',
  'excluded',
  'left',
  'full',
  'several pieces',
  'same pieces',
  'snapshot threw',
  'restored',
  'not restored',
  'refused label-taken',
  'refused state-refused',
  'reply answered',
  'reply failed',
  'reply gone',
  'reply missing',
  'group lost',
  'call replied',
  'call refused',
  'call closed',
  'served in the first view',
];

export const expectedOfProcessGroup: readonly string[] = [
  ...Object.entries(effects).flatMap(([name, isExpected]) => (isExpected ? [name] : [])),
  ...others,
  ...[...datagramFaultNames, ...processorFaultNames, ...memberFaultNames].map(
    (name) => `fault ${name}`,
  ),
];
