/** How a group is joined. */
import { utf8Length } from '@choir/bytes';
import type { Block } from './blocks/block.ts';
import {
  channelBytesMax,
  labelBytesMax,
  type Member,
  nameBytesMax,
  payloadBytesMax,
} from './core/index.ts';
import type { GroupMessage } from './event.ts';
import { GroupError } from './group-error.ts';
import { isReserved } from './statistics/reserved-channels.ts';

export type Request = Omit<GroupMessage, 'kind' | 'direct'>;

/**
 * Answers a request. It is called at the request's place in the order; what it awaits does not hold the order up, so it may ask its own
 * group. What it throws is told to the asker.
 */
export type Answerer = (request: Request) => Uint8Array | Promise<Uint8Array>;

export type JoinOptions = {
  /** What this member calls itself, 1 … 64 bytes; who comes back with it has *returned*. Its id when not given. */
  readonly label?: string;
  /** Makes the group. One process does that, once; false when not given. */
  readonly init?: boolean;
  /**
   * State machines by their channels; all members join with the same. Each is in one group at a time; when that is over, and it is given to another join, a map,
   * locks and connections forget what they knew. None when not given.
   */
  readonly replicas?: Readonly<Record<string, Block>>;
  /**
   * Takes part without the state, whatever replicas the others have: it is told who is in the group alone, and provides nobody with a state. Then there are
   * no replicas of its own. False when not given.
   */
  readonly observer?: boolean;
  /** Without one, requests fail. */
  readonly answer?: Answerer;
  /**
   * Whether this process reads the events. When 4 MiB of them wait to be read the group is not heard any further, which stops the others, too; so whoever
   * uses replicas or requests alone does without. True when not given.
   */
  readonly events?: boolean;
  /** How long to wait until the state is here, 1 … 2^31-1 ms; 30,000 when not given. */
  readonly timeoutMs?: number;
  /** Gives the joining up. */
  readonly signal?: AbortSignal;
};

/** Whoever a message or a request is for. */
export type To = 'all' | 'others' | Member | readonly Member[];

/** @throws GroupError `group-option` when it is empty, too long, or has half a surrogate pair */
export function checkText(what: string, text: string, bytesMax: number): string {
  const length = text.isWellFormed() ? utf8Length(text) : 0;
  if (length >= 1 && length <= bytesMax) return text;
  throw new GroupError(
    'group-option',
    `${what} has 1 to ${bytesMax} bytes of UTF-8, not ${length}: choose a shorter one.`,
  );
}

export function checkName(name: string): string {
  return checkText('The name of a group', name, nameBytesMax);
}

/** @throws GroupError `group-option` also when it has control characters, which could move somebody's cursor */
export function checkLabel(label: string): string {
  if (/\p{Cc}/u.test(label)) {
    const text = 'The label of a member has no control characters: leave them out.';
    throw new GroupError('group-option', text);
  }
  return checkText('The label of a member', label, labelBytesMax);
}

/** @throws GroupError `group-option` also when the channel is the toolkit's own */
export function checkChannel(channel: string): string {
  if (!isReserved(channel)) return checkText('A channel', channel, channelBytesMax);
  throw new GroupError(
    'group-option',
    `The channel ${JSON.stringify(channel)} is the toolkit's own, as all that begin with "choir/" are: choose another name.`,
  );
}

/** @throws GroupError `group-option` when an observer is to make the group, or to have replicas */
export function checkObserver({
  observer = false,
  init = false,
  replicas = {},
}: JoinOptions): void {
  if (!observer || (!init && Object.keys(replicas).length === 0)) return;
  throw new GroupError(
    'group-option',
    'An observer has no state: it neither makes the group (init) nor has replicas.',
  );
}

/** @throws GroupError `group-option` when they are too many, or no bytes */
export function checkBytes(bytes: Uint8Array): Uint8Array {
  if (bytes instanceof Uint8Array && bytes.length <= payloadBytesMax) return bytes;
  const what = bytes instanceof Uint8Array ? `${bytes.length} bytes` : typeof bytes;
  throw new GroupError(
    'group-option',
    `A message is a Uint8Array of at most ${payloadBytesMax} bytes, not ${what}: say it in parts.`,
  );
}

/** @throws GroupError `group-option` when it is no time-out that can be kept */
export function checkTimeout(timeoutMs: number): number {
  if (timeoutMs >= 1 && timeoutMs <= 2 ** 31 - 1) return timeoutMs;
  throw new GroupError('group-option', `timeoutMs: ${timeoutMs} is not 1 … 2^31-1.`);
}
