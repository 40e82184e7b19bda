/**
 * What a user does when it is its turn: one command, chosen at random among what makes sense or at least could
 * be tried. Returns null when there is nothing to do it with.
 */
import type { Command, OutgoingPart } from '@choir/client/session';
import type { GroupName, LockSetId, ObjectId } from '@choir/protocol';
import type { Random } from '@choir/testkit';
import type { ClientProcess } from '../world/client-process.ts';
import type { OperationName } from './operation-names.ts';
import type { Plan } from './plan.ts';
import type { User } from './user.ts';

export type Turn = {
  readonly user: User;
  readonly process: ClientProcess;
  readonly plan: Plan;
  readonly random: Random;
};

type Operation = (turn: Turn) => Command | null;

export const operations: { readonly [Name in Exclude<OperationName, 'burst'>]: Operation } = {
  join: (turn) => join(turn, [turn.random.pick(turn.plan.groups)]),
  'join-related': (turn) =>
    join(
      turn,
      turn.plan.groups.filter((group) => group.startsWith('team/')),
    ),
  leave: (turn) => {
    const group = joined(turn);
    // Rarely, or nobody would ever be in.
    if (group === null || turn.random.chance(0.6)) return null;
    turn.user.owner.wishes.delete(group);
    return { kind: 'leave', group };
  },
  bcast: (turn) => send(turn, (group) => bcast(turn, group, false)),
  'bcast-exclusive': (turn) => send(turn, (group) => bcast(turn, group, true)),
  'bcast-elsewhere': (turn) => {
    const group = turn.random.pick(turn.plan.groups);
    return { kind: 'send', parts: [bcast(turn, group, turn.random.chance(0.3))] };
  },
  write: (turn) => send(turn, (group) => write(turn, group, turn.random.pick(turn.plan.objects))),
  'write-locked': (turn) => {
    const lock = held(turn);
    if (lock === null) return null;
    return { kind: 'send', parts: [write(turn, lock.group, turn.random.pick(lock.objects))] };
  },
  'several-parts': severalParts,
  checkpoint: (turn) =>
    turn.random.chance(0.7)
      ? null
      : send(turn, (group) => ({
          kind: 'group_state',
          group,
          objects: some(turn.random, turn.plan.objects).map((object) => ({
            object,
            data: turn.user.payload(0),
          })),
        })),
  lock: (turn) => lock(turn, false),
  'lock-waiting': (turn) => lock(turn, true),
  release: (turn) => {
    const lock = held(turn);
    if (lock === null) return null;
    return { kind: 'release', group: lock.group, lockSet: lock.lockSet, objects: [] };
  },
  'release-part': (turn) => {
    const lock = held(turn);
    if (lock === null) return null;
    const objects = [turn.random.pick(lock.objects)];
    return { kind: 'release', group: lock.group, lockSet: lock.lockSet, objects };
  },
  cancel: ({ user, random }) => {
    const waiting = [...user.waiting];
    if (waiting.length === 0) return null;
    const [request, group] = random.pick(waiting);
    return { kind: 'cancel', group, request };
  },
  break: (turn) => {
    const group = joined(turn);
    const locks = group === null ? [] : [...(turn.process.session.group(group)?.copy?.locks ?? [])];
    if (group === null || locks.length === 0) return null;
    const [lockSet] = turn.random.pick(locks);
    return { kind: 'break', group, lockSet, reason: 'somebody waits' };
  },
  rename: (turn) => {
    const group = joined(turn);
    const name = `${turn.user.name}-${turn.random.int(2, 99)}`;
    return group === null ? null : { kind: 'rename', group, name };
  },
  properties: (turn) => {
    const group = joined(turn);
    const name = turn.random.pick(['colour', 'topic', 'mood']);
    const value = turn.random.chance(0.3) ? '' : `v${turn.random.int(1, 99)}`;
    return group === null ? null : { kind: 'properties', group, properties: [{ name, value }] };
  },
  create: (turn) => create(turn, true),
  'create-stateless': (turn) => create(turn, false),
  delete: (turn) =>
    turn.random.chance(0.6) ? null : { kind: 'delete', group: turn.random.pick(turn.plan.groups) },
  watch: (turn) => watch(turn, 'everything', false),
  'watch-members': (turn) => watch(turn, 'members', turn.random.chance(0.2)),
  'watch-from': (turn) => watch(turn, 'everything', true),
  unwatch: ({ process, random }) => {
    const watched = [...process.session.groups].filter(({ scope }) => scope !== 'member');
    return watched.length === 0 ? null : { kind: 'unwatch', group: random.pick(watched).name };
  },
  read: ({ plan, random }) => ({
    kind: 'read',
    group: random.pick(plan.groups),
    objects: random.chance(0.5) ? [] : some(random, plan.objects),
  }),
  status: () => ({ kind: 'status' }),
  volatile: (turn) => {
    const group = joined(turn) ?? turn.random.pick(turn.plan.groups);
    return { kind: 'volatile', group, data: turn.user.payload(0) };
  },
};

function join({ user, process }: Turn, groups: readonly GroupName[]): Command | null {
  const wanted = groups.filter((group) => process.session.group(group)?.scope !== 'member');
  if (wanted.length === 0) return null;
  for (const group of wanted) user.owner.wishes.add(group);
  return { kind: 'join', groups: wanted.map((group) => ({ group, name: user.name })) };
}

function joined({ process, random }: Turn): GroupName | null {
  const groups = [...process.session.groups].filter(({ scope }) => scope === 'member');
  return groups.length === 0 ? null : random.pick(groups).name;
}

function send(turn: Turn, part: (group: GroupName) => OutgoingPart): Command | null {
  const group = joined(turn);
  return group === null ? null : { kind: 'send', parts: [part(group)] };
}

function bcast(turn: Turn, group: GroupName, exclusive: boolean): OutgoingPart {
  return { kind: 'bcast', group, exclusive, data: turn.user.payload(largeBytes(turn)) };
}

function write(turn: Turn, group: GroupName, object: ObjectId): OutgoingPart {
  const update = turn.random.chance(0.7) ? 'INC' : 'NEW';
  const data = turn.user.payload(largeBytes(turn));
  return { kind: 'obj_state', group, object, update, data };
}

function largeBytes({ plan, random }: Turn): number {
  return random.chance(plan.largeShare) ? plan.largeBytes : 0;
}

/** Parts for one group, or for several related ones. */
function severalParts(turn: Turn): Command | null {
  const { random, plan } = turn;
  const first = joined(turn);
  if (first === null) return null;
  const family = plan.groups.filter((group) => group.startsWith('team/'));
  const groups = first.startsWith('team/') && random.chance(0.5) ? family : [first];
  const parts = Array.from({ length: random.int(2, 4) }, (): OutgoingPart => {
    const group = random.pick(groups);
    if (random.chance(0.4)) return bcast(turn, group, random.chance(0.5));
    return write(turn, group, random.pick(plan.objects));
  });
  return { kind: 'send', parts };
}

function lock(turn: Turn, wait: boolean): Command | null {
  const group = joined(turn);
  if (group === null) return null;
  const { random, plan } = turn;
  const graceMs = random.chance(0.2) ? 0 : Math.ceil(random.between(100, plan.graceMsMax));
  return { kind: 'lock', group, objects: some(random, plan.objects), wait, graceMs };
}

/** A lock set that this client holds, as far as it knows, or held a moment ago. */
function held({ process, random }: Turn): {
  readonly group: GroupName;
  readonly lockSet: LockSetId;
  readonly objects: readonly ObjectId[];
} | null {
  const all = [...process.session.groups].flatMap(({ name: group, locks }) =>
    locks.all.flatMap(({ lockSet, objects }) =>
      lockSet === null || objects.length === 0 ? [] : [{ group, lockSet, objects }],
    ),
  );
  return all.length === 0 ? null : random.pick(all);
}

function create({ plan, random }: Turn, stateful: boolean): Command {
  const absenceMs = random.chance(0.2) ? 0 : Math.ceil(random.between(200, plan.absenceMsMax));
  const properties = random.chance(0.3) ? [{ name: 'topic', value: 'first' }] : [];
  return { kind: 'create', group: random.pick(plan.groups), stateful, absenceMs, properties };
}

function watch(turn: Turn, scope: 'everything' | 'members', from: boolean): Command | null {
  const { process, plan, random, user } = turn;
  const group = random.pick(plan.groups);
  if (process.session.group(group) !== null) return null;
  const position = from ? (user.seen.get(group) ?? { epoch: 0, seq: 0 }) : null;
  return { kind: 'watch', group, scope, from: position };
}

function some<T>(random: Random, all: readonly T[]): T[] {
  const count = random.chance(0.6) ? 1 : random.int(1, all.length);
  return random.shuffle([...all]).slice(0, count);
}
