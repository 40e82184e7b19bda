/** How a group is joined. */
import {
  checkFlag,
  checkFunction,
  checkSignal,
  checkText,
  checkTimeout,
  type OptionChecks,
  optionError,
  optionsCheck,
  shown,
} from '../arguments.ts';
import type { Block } from '../blocks/block.ts';
import { checkChannel } from '../channel.ts';
import { labelBytesMax, nameBytesMax } from '../core/index.ts';
import type { Answerer } from '../member/answerer.ts';

/** How a group is joined. */
export type JoinOptions = {
  /** What this member calls itself, 1 … 64 bytes, of which something is to be seen, and no control characters; who comes back with it has *returned*. Its id when not given. */
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
  /** Is told what an operator should mend in this group; who is told of the transport when not given. */
  readonly onWarning?: (text: string) => void;
};

/** Of what a member is, wherever it joins. */
export const memberChecks: OptionChecks<Omit<JoinOptions, 'init'>> = {
  label: checkLabel,
  replicas: checkReplicas,
  observer: checkFlag('observer'),
  answer: checkFunction('answer'),
  events: checkFlag('events'),
  timeoutMs: checkTimeout,
  signal: checkSignal,
  onWarning: checkFunction('onWarning'),
};

const checkNames = optionsCheck<JoinOptions>('join', { ...memberChecks, init: checkFlag('init') });

/** @throws GroupError `group-option` */
export function checkJoin(options: JoinOptions): void {
  checkNames(options);
  checkObserver(options);
}

/** @throws GroupError `group-option` */
export function checkName(name: unknown): string {
  const what = 'The name of a group';
  return checkVisible(what, checkText(what, name, nameBytesMax));
}

/** @throws GroupError `group-option` also when it has control characters, which could move somebody's cursor */
function checkLabel(label: unknown): string {
  const what = 'The label of a member';
  const text = checkVisible(what, checkText(what, label, labelBytesMax));
  if (!/\p{Cc}/u.test(text)) return text;
  throw optionError('The label of a member has no control characters: leave them out.');
}

/** Of blanks, and of what is shown as nothing at all. */
const invisible = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** @throws GroupError `group-option` for what people could not tell from another, or from none */
function checkVisible(what: string, text: string): string {
  if (!invisible.test(text)) return text;
  throw optionError(`${what} is more than blanks: choose one that can be seen.`);
}

/** @throws GroupError `group-option` when it is no record of replicas by their channels */
function checkReplicas(replicas: unknown): void {
  if (typeof replicas !== 'object' || replicas === null) {
    throw optionError(`replicas is an object, not ${shown(replicas)}: write { channel: replica }.`);
  }
  for (const [channel, replica] of Object.entries<unknown>({ ...replicas })) {
    checkChannel(channel);
    checkReplica(channel, replica);
  }
}

const needed = ['apply', 'snapshot', 'restore'];
const possible = ['view', 'attach', 'primary'];

function checkReplica(channel: string, replica: unknown): void {
  const is = typeof replica === 'object' && replica !== null ? replica : null;
  const wrong = [...needed, ...possible].find((name) => {
    const value: unknown = is === null ? undefined : Reflect.get(is, name);
    return typeof value !== 'function' && (value !== undefined || needed.includes(name));
  });
  if (wrong === undefined) return;
  const what = is === null ? shown(replica) : `an object whose "${wrong}" is no function`;
  throw optionError(
    `replicas has replicas by their channels, and on channel "${channel}" ${what}: a replica has the functions ${needed.join(', ')}, and may have ${possible.join(', ')}.`,
  );
}

/** @throws GroupError `group-option` when an observer is to make the group, or to have replicas */
export function checkObserver({
  observer = false,
  init = false,
  replicas = {},
}: JoinOptions): void {
  if (!observer || (!init && Object.keys(replicas).length === 0)) return;
  throw optionError(
    'An observer has no state, so it neither makes the group (init) nor has replicas: leave these out, or observer.',
  );
}
