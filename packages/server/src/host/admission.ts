/**
 * What is refused before ordering, so that nothing is logged: what can be judged without the state at
 * a position. Names, lists and single payloads were checked when the message was decoded.
 */
import type { GroupsService } from '@choir/groups';
import {
  type ClientId,
  codes,
  type GroupName,
  type JoinTarget,
  type Position,
  payloadsOf,
  type Refusal,
  relation,
  type Submission,
  sizeOfParts,
} from '@choir/protocol';
import type { Epochs } from './epochs.ts';
import type { HostSettings } from './settings.ts';

export function judgeGroups({ group, body }: Submission): Refusal | null {
  if (body.kind !== 'message') return null;
  return body.parts.every((part) => related(group, part.group)) ? null : refusal('CROSS_SHARD');
}

/** As `judgeGrowth` only for what is new: what was taken once may be larger than what is taken now. */
export function judgeSize(
  { body }: Submission,
  { messageBytes, submissionBytes }: HostSettings,
): Refusal | null {
  if (body.kind !== 'message') return null;
  const isTooLarge = ({ length }: Uint8Array): boolean => length > messageBytes;
  if (body.parts.some((part) => payloadsOf(part).some(isTooLarge))) {
    return tooLarge('A payload', messageBytes);
  }
  if (sizeOfParts(body.parts) > submissionBytes) return tooLarge('The message', submissionBytes);
  return null;
}

export type JudgedTargets =
  | { readonly ok: true; readonly targets: readonly JoinTarget[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Targets as they are to be ordered: a position that was lost with a disk is no longer one. */
export function judgeTargets(
  targets: readonly JoinTarget[],
  epochs: Epochs,
  head: Position,
): JudgedTargets {
  const [first] = targets;
  if (first === undefined) {
    return { ok: false, refusal: { code: 'MALFORMED', message: 'No group was named.' } };
  }
  const judged: JoinTarget[] = [];
  for (const target of targets) {
    if (!related(first.group, target.group)) {
      return { ok: false, refusal: refusal('CROSS_SHARD') };
    }
    const { after } = target;
    const standing = after === undefined ? 'known' : epochs.standing(after, head);
    if (standing === 'unknown') return { ok: false, refusal: refusal('UNKNOWN_POSITION') };
    judged.push(standing === 'beyond' ? { ...target, created: noGroup } : target);
  }
  return { ok: true, targets: judged };
}

type Growing = { readonly service: GroupsService; readonly settings: HostSettings };

/**
 * Whether what a submission would add for good is too much. Only for one that cannot have taken effect
 * before: a repetition has to get the answer that it had.
 */
export function judgeGrowth(
  client: ClientId,
  { group, previous, body }: Submission,
  { service, settings }: Growing,
): Refusal | null {
  if (previous === 0 && service.chainCount(client) >= settings.chainsMax) {
    return tooMany(`A client can submit to ${settings.chainsMax} groups.`);
  }
  if (body.kind === 'create') return judgeNewGroups([group], { service, settings });
  if (body.kind !== 'message' || !isFull({ service, settings })) return null;
  const names = body.parts.filter(({ kind }) => kind === 'bcast').map((part) => part.group);
  return judgeNewGroups(names, { service, settings });
}

/** Whether one more identity is too much. Nobody is let go for a new one: its messages may be pending. */
export function judgeClient(client: ClientId, { service, settings }: Growing): Refusal | null {
  if (service.counts().clients < settings.clientsMax || service.knows(client)) return null;
  return tooMany(`The server knows ${settings.clientsMax} clients, the most it can know.`);
}

/** Who names a group where it was does not bring it into being. */
export function judgeJoin(targets: readonly JoinTarget[], growing: Growing): Refusal | null {
  const fresh = targets.filter(({ created }) => created === 0);
  return judgeNewGroups(
    fresh.map(({ group }) => group),
    growing,
  );
}

function judgeNewGroups(
  names: readonly GroupName[],
  { service, settings }: Growing,
): Refusal | null {
  if (!isFull({ service, settings })) return null;
  if (names.every((name) => service.groupNamed(name) !== null)) return null;
  return tooMany(`The server has ${settings.groupsMax} groups, the most it can have.`);
}

/** There are as many groups as there can be. */
function isFull({ service, settings }: Growing): boolean {
  return service.counts().groups >= settings.groupsMax;
}

export function refusal(code: Refusal['code']): Refusal {
  return { code, message: codes[code] };
}

/** The id of no group: who names it is answered with the state, and told of the gap. */
const noGroup = Number.MAX_SAFE_INTEGER;

function related(one: GroupName, other: GroupName): boolean {
  return one === other || relation(one) === relation(other);
}

function tooMany(message: string): Refusal {
  return { code: 'LIMIT', message };
}

function tooLarge(what: string, maxBytes: number): Refusal {
  return { code: 'TOO_LARGE', message: `${what} is longer than ${maxBytes} bytes.` };
}
