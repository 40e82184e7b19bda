/** How something is said to a group: options of multicasts, messages to some, requests and leaving. */
import { processorId } from '@choir/ftmp';
import {
  checkSignal,
  checkTimeout,
  checkWord,
  optionError,
  optionsCheck,
  shown,
} from '../arguments.ts';
import { checkChannel } from '../channel.ts';
import { type Member, membersMax, type Need } from '../core/index.ts';

/** `fifo` is given as `agreed`, which includes it; `safe` when all members hold it. */
export type DeliveryKind = 'fifo' | 'agreed' | 'safe';

/** How a message for all is said. */
export type MulticastOptions = {
  /** 1 … 64 bytes; `main` when not given. On that of a replica each member gives it to its replica, and not to the reader of its events. */
  readonly channel?: string;
  /** `agreed` when not given. */
  readonly delivery?: DeliveryKind;
  /** Gives up waiting for room; nothing was sent then. */
  readonly signal?: AbortSignal;
};

/** How a message for some is said. */
export type SendOptions = Omit<MulticastOptions, 'delivery'>;

/** Whoever a message or a request is for. */
export type To = 'all' | 'others' | Member | readonly Member[];

/** How a request is asked. */
export type RequestOptions = SendOptions & {
  /** `all`, of which this member is one, when not given. */
  readonly to?: To;
  /** How many answers to wait for; `all` when not given. */
  readonly need?: Need;
  /** Who has not answered by then, room or not, is missing, 1 … 2^31-1 ms; 10,000 when not given. */
  readonly timeoutMs?: number;
};

/** How long statistics are waited for. */
export type StatisticsOptions = Pick<RequestOptions, 'timeoutMs' | 'signal'>;

/** How a group is left. */
export type LeaveOptions = {
  /** How long the others have to agree, 1 … 2^31-1 ms; 5,000 when not given. */
  readonly timeoutMs?: number;
  /** Ends the waiting as if the time were over. */
  readonly signal?: AbortSignal;
};

const sendChecks = { channel: checkChannel, signal: checkSignal };

export const checkSending = optionsCheck<SendOptions>('send', sendChecks);

export const checkMulticast = optionsCheck<MulticastOptions>('multicast', {
  ...sendChecks,
  delivery: checkWord('delivery', ['fifo', 'agreed', 'safe']),
});

export const checkRequest = optionsCheck<RequestOptions>('request', {
  ...sendChecks,
  to: checkTo,
  need: checkWord('need', ['first', 'majority', 'all']),
  timeoutMs: checkTimeout,
});

export const checkStatistics = optionsCheck<StatisticsOptions>('statistics', {
  timeoutMs: checkTimeout,
  signal: checkSignal,
});

export const checkLeaving = optionsCheck<LeaveOptions>('leave', {
  timeoutMs: checkTimeout,
  signal: checkSignal,
});

/** @throws GroupError `group-option` when these are no members, or more than any group has */
export function checkMembers(to: unknown): void {
  const members: readonly unknown[] = Array.isArray(to) ? to : [to];
  if (members.length > membersMax) {
    throw optionError(
      `A message is for ${membersMax} members at most, not for ${members.length}: name each once, or say it to all.`,
    );
  }
  const wrong = members.find((member) => !isMember(member));
  if (wrong === undefined && members.every(isMember)) return;
  throw optionError(
    `A message is for a member or some, not for ${shown(wrong)}: give what group.members has.`,
  );
}

function checkTo(to: unknown): void {
  if (to === 'all' || to === 'others') return;
  if (typeof to === 'object' && to !== null) {
    checkMembers(to);
    return;
  }
  throw optionError(
    `to is "all", "others", a member or some, not ${shown(to)}: choose one of these; members are in group.members.`,
  );
}

/** Of processor 1. */
const leastId = processorId(1, 0);

function isMember(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('id' in value)) return false;
  const { id } = value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= leastId;
}
