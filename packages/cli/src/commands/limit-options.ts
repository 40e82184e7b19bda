/** The options of `choir serve` about how much is taken of whom (docs/operations.md, "Limits"). */
import { defaultCrowdLimits, defaultSettings, type ServeOptions } from '@choir/server';
import type { Given } from '../arguments/given.ts';
import type { OptionTable } from '../arguments/option.ts';
import { usage } from '../arguments/values.ts';

/** Each is a whole number from 1 on. `most`: what the protocol allows. */
type Limit = { readonly by: string; readonly help: string; readonly most?: number };

/** By the name of the setting that the host has for it. */
const hostLimits = {
  connectionsMax: { by: 'max-connections', help: 'Connections in all' },
  subjectConnectionsMax: {
    by: 'max-connections-per-identity',
    help: 'Connections with tokens of one subject',
  },
  messageRate: {
    by: 'message-rate',
    help: 'Messages of one connection in a second; who is faster is read more slowly',
  },
  messageBurst: {
    by: 'message-burst',
    help: 'Messages of one connection that may come at once after a quiet time',
  },
  messageBytes: {
    by: 'max-message-bytes',
    help: 'Bytes of one message',
    most: defaultSettings.messageBytes,
  },
  clientsMax: {
    by: 'max-clients',
    help: 'Clients that are known, those that are away included',
  },
  groupsMax: { by: 'max-groups', help: 'Groups that exist' },
  chainsMax: {
    by: 'max-groups-per-client',
    help: 'Groups in which one client may ever submit something',
  },
  watchesMax: { by: 'max-watches', help: 'Groups that one connection may watch' },
} as const satisfies Record<string, Limit>;

const crowdLimits = {
  perAddressMax: {
    by: 'max-connections-per-address',
    help: 'Connections of one address (a /64 of IPv6)',
  },
  perAddressRate: {
    by: 'connection-rate',
    help: 'New connections of one address in a second',
  },
  perAddressBurst: {
    by: 'connection-burst',
    help: 'New connections of one address that may come at once after a quiet time',
  },
} as const satisfies Record<string, Limit>;

/** All of them are looked for once a second. */
const waits = {
  helloMs: {
    by: 'hello-timeout',
    leastSeconds: 1,
    help: 'Ends a connection that has not said hello by then',
  },
  idleMs: {
    by: 'idle-timeout',
    // Whoever is silent is asked twice before: in less time the living would be taken for dead.
    leastSeconds: 3,
    help: 'Ends a connection of which nothing was heard for so long',
  },
  tooSlowMs: {
    by: 'stall-timeout',
    leastSeconds: 1,
    help: 'Ends a connection that took nothing for so long while something waited for it',
  },
} as const;

export const limitOptions: OptionTable = {
  ...optionsOf(crowdLimits, defaultCrowdLimits),
  'limit-this-machine': {
    help: 'Limits connections of this machine like those of any other address.',
  },
  ...optionsOf(hostLimits, defaultSettings),
  ...Object.fromEntries(
    entriesOf(waits).map(([name, { by, help }]) => {
      const usual = `${defaultSettings[name] / 1_000}s`;
      const option = { value: 'DURATION', default: usual, help: `${help} (default ${usual}).` };
      return [by, option];
    }),
  ),
};

export function limitSettings(
  given: Given,
): Pick<ServeOptions, 'settings' | 'crowd' | 'limitsThisMachine'> {
  return {
    settings: { ...numbers(given, hostLimits), ...durations(given) },
    crowd: numbers(given, crowdLimits),
    limitsThisMachine: given.flag('limit-this-machine'),
  };
}

function optionsOf<Name extends string>(
  limits: Readonly<Record<Name, Limit>>,
  defaults: Readonly<Record<NoInfer<Name>, number>>,
): OptionTable {
  const options = entriesOf(limits).map(([name, { by, help }]) => {
    const usual = String(defaults[name]);
    return [by, { value: 'LIMIT', default: usual, help: `${help} (default ${usual}).` }];
  });
  return Object.fromEntries(options);
}

/** Only what was given: the server has the defaults. */
function numbers<Name extends string>(
  given: Given,
  limits: Readonly<Record<Name, Limit>>,
): Partial<Record<Name, number>> {
  const found: Partial<Record<Name, number>> = {};
  for (const [name, { by, most }] of entriesOf(limits)) {
    const value = given.limit(by, most);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function durations(given: Given): ServeOptions['settings'] {
  const found: Partial<Record<keyof typeof waits, number>> = {};
  for (const [name, { by, leastSeconds }] of entriesOf(waits)) {
    const value = given.durationMs(by);
    if (value === undefined) continue;
    if (value < leastSeconds * 1_000) {
      throw usage(`${given.place(by)} has to be ${leastSeconds}s or longer.`);
    }
    found[name] = value;
  }
  const { idleMs } = found;
  if (idleMs === undefined) return found;
  // Who is silent is asked for a sign of life, and more than once, before it is ended.
  const heartbeatMs = Math.min(defaultSettings.heartbeatMs, Math.floor(idleMs / 3));
  return { ...found, heartbeatMs };
}

function entriesOf<Name extends string, Value>(
  table: Readonly<Record<Name, Value>>,
): readonly (readonly [Name, Value])[] {
  return Object.entries(table) as [Name, Value][];
}
