/**
 * What the suite `groups` must meet: every message of the protocol, every event, every fault, and the codes that
 * a client can be given. Exhaustive by type: a new message is expected from the day on which it exists.
 */
import type { SessionEvent } from '@choir/client/session';
import type { Code, Event, FromClient, FromServer, SubmissionBody } from '@choir/protocol';
import { faultNames } from '../workload/plan.ts';

type All<Kind extends string> = Readonly<Record<Kind, boolean>>;

const fromClient: All<FromClient['kind']> = {
  hello: true,
  submit: true,
  join: true,
  watch: true,
  unwatch: true,
  read_state: true,
  volatile: true,
  status: true,
  ping: true,
  bye: true,
  credentials: true,
};

const bodies: All<SubmissionBody['kind']> = {
  message: true,
  lock_request: true,
  lock_release: true,
  lock_cancel: true,
  lock_break: true,
  leave: true,
  rename: true,
  properties: true,
  create: true,
  delete: true,
};

const fromServer: All<FromServer['kind']> = {
  welcome: true,
  goodbye: true,
  delivery: true,
  ack: true,
  waiting: true,
  refused: true,
  resend: true,
  request_refused: true,
  resume_begin: true,
  resume_end: true,
  transfer_begin: true,
  transfer_objects: true,
  transfer_end: true,
  volatile: true,
  status: true,
  pong: true,
  authorized: true,
};

const events: All<Event['kind']> = {
  bcast: true,
  obj_state: true,
  group_state: true,
  lock_granted: true,
  lock_released: true,
  new_member: true,
  disconnected_member: true,
  rejoined_member: true,
  non_member: true,
  renamed_member: true,
  properties: true,
  group_deleted: true,
};

const told: All<SessionEvent['kind']> = {
  connection: true,
  attached: true,
  joined: true,
  rejoined: true,
  join_refused: true,
  reset: true,
  left: true,
  message: true,
  settled: true,
  refused: true,
  withdrawn: true,
  // A server that cannot log closes its connections at once, and clients keep within the window.
  delayed: false,
  lock: true,
  given_back: false,
  volatile: true,
  state: true,
  status: true,
  request_refused: false,
  // A server that breaks the protocol is a bug and is reported as one.
  violation: false,
  ended: true,
};

/** False: what needs limits far beyond a minute's work, or a server that is none. */
const codes: All<Code> = {
  MALFORMED: true,
  TOO_LARGE: false,
  BAD_NAME: false,
  VERSION: true,
  NO_HELLO: true,
  ALREADY_ATTACHED: true,
  WINDOW: false,
  LIMIT: false,
  CROSS_SHARD: true,
  UNKNOWN_POSITION: true,
  NOT_WRITABLE: false,
  NOT_A_MEMBER: true,
  NO_GROUP: true,
  GROUP_EXISTS: true,
  STATELESS: true,
  FORBIDDEN: true,
  LOCKED: true,
  LOCK_DENIED: true,
  NO_LOCK: true,
  STALE_FENCE: true,
  CONFLICT: true,
  CHECKPOINTED: true,
  WAIT_ENDED: true,
  ID_REUSED: true,
  FORGOTTEN: true,
  UNAUTHORIZED: true,
  CREDENTIALS_EXPIRED: true,
  WRONG_SECRET: true,
  EXPIRED: false,
  SUPERSEDED: true,
  SHUTDOWN: true,
  STORAGE: true,
  IDLE: true,
  TOO_SLOW: true,
};

function named(prefix: string, all: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.keys(all)
    .filter((name) => all[name] === true)
    .map((name) => `${prefix}${name}`);
}

export const expectedOfGroups: readonly string[] = [
  ...named('from ', fromClient),
  ...named('body ', bodies),
  ...named('to ', fromServer),
  ...named('event ', events),
  ...named('told ', told),
  ...named('', codes),
  ...faultNames.map((name) => `fault ${name}`),
];
