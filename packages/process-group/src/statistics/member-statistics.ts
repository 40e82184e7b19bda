/**
 * What a member says of itself, and its bytes: a JSON object. Who reads it takes at most 4 KiB, and passes over what it does not know, so
 * that later versions can say more.
 */
import { textOf, utf8Of } from '@choir/bytes';

/** Counters are since the process came into the group, but for retransmissions: since it was last let in. */
export type MemberStatistics = {
  /** The name of its machine, at most 255 characters. */
  readonly host: string;
  readonly pid: number;
  /** When it came into the group, in ms since 1970, by its own clock. */
  readonly joinedAt: number;
  /** The number of the view in which it answered, and how many members that has. */
  readonly view: number;
  readonly members: number;
  /** It observes: it has no state. */
  readonly observer: boolean;
  /** Messages of the group that it handed over to be multicast, requests, answers and pieces of the state included. */
  readonly sentMessages: number;
  /** Messages of the group, of all members, that reached it in the order. */
  readonly deliveredMessages: number;
  /** Of all datagrams, of every group that it reaches through the same transport. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Messages of the group that it sent again, its own and those of others. */
  readonly retransmissions: number;
  /** Messages that were handed over and have not gone out. */
  readonly waitingMessages: number;
  /** How often the others removed it, and it came back. */
  readonly exclusions: number;
};

const bytesMax = 4_096;
const hostCharactersMax = 255;

export function encodeStatistics(statistics: MemberStatistics): Uint8Array {
  const host = statistics.host.toWellFormed().slice(0, hostCharactersMax).toWellFormed();
  return utf8Of(JSON.stringify({ ...statistics, host })) ?? new Uint8Array(0);
}

/** Null when these are none. */
export function decodeStatistics(bytes: Uint8Array): MemberStatistics | null {
  const fields = bytes.length > bytesMax ? null : objectOf(bytes);
  if (fields === null) return null;
  const { host, observer } = fields;
  if (typeof host !== 'string' || host.length > hostCharactersMax) return null;
  if (typeof observer !== 'boolean') return null;
  const count = (name: CountName): number => countOf(fields[name]);
  const statistics = {
    host,
    observer,
    pid: count('pid'),
    joinedAt: count('joinedAt'),
    view: count('view'),
    members: count('members'),
    sentMessages: count('sentMessages'),
    deliveredMessages: count('deliveredMessages'),
    sentBytes: count('sentBytes'),
    receivedBytes: count('receivedBytes'),
    retransmissions: count('retransmissions'),
    waitingMessages: count('waitingMessages'),
    exclusions: count('exclusions'),
  };
  return Object.values(statistics).some(Number.isNaN) ? null : statistics;
}

type CountName = Exclude<keyof MemberStatistics, 'host' | 'observer'>;

function objectOf(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(textOf(bytes) ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

/** Not a number when it is no count. */
function countOf(value: unknown): number {
  const isCount = typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
  return isCount ? value : Number.NaN;
}
