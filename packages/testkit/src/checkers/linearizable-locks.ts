/**
 * K8: acquiring, releasing and writing are linearizable, with the positions as the linearization.
 *
 * Two halves. Real time: of two operations on one object, of which the second was called after the first
 * was answered, the first has the smaller position. Model: replayed in the order of positions, a lock
 * with a queue and a register give the answers that were given.
 */
import { Checker } from './checker.ts';
import type { History } from './history/history.ts';
import type { Call } from './history/processes.ts';
import type { Logged } from './history/server-log.ts';
import type { Group } from './model/group.ts';
import type { Waiting } from './model/locks.ts';
import type { Submit } from './model/marks.ts';
import type { Moment, Replay } from './replay.ts';

type Granted = Extract<Logged, { event: 'lock_granted' }>;
type Request = Extract<Submit, { body: 'lock_request' }>;

export class LinearizableLocks extends Checker {
  readonly property = 'K8';
  readonly promise =
    'Locks and writes behave as if each happened at one moment, that of its position.';

  /** Requests that waited, at a grant, before the one that was granted, and for the same. */
  #passed: { readonly granted: Granted; readonly group: Group; readonly before: Waiting[] }[] = [];

  override before(moment: Moment, history: History): void {
    this.#passed = [];
    const { decided, step } = moment;
    for (const { created, events } of step.units) {
      const group = moment.groups.get(created);
      for (const event of events) {
        if (event.event !== 'lock_granted' || group === undefined) continue;
        this.#passed.push({ granted: event, group, before: waitingBefore(event, group) });
        if (decided?.client !== event.sender || decided.localId !== event.localId) continue;
        const obstacle = obstacleTo(event.objects, group);
        if (obstacle !== null) this.violated(`granted at once, though ${obstacle}`, event);
      }
    }
    if (decided?.body === 'lock_request') this.#judgeRequest(decided, moment, history);
    if (decided?.body === 'message') this.#judgeWrites(decided, moment, history);
  }

  /** First come, first served: whoever still waits for an object was not passed by. */
  override after(): void {
    for (const { granted, group, before } of this.#passed) {
      const passed = before.find((waiting) => group.locks.queue.includes(waiting));
      if (passed === undefined) continue;
      this.violated(`${granted.sender} was granted what ${passed.client} waits for`, granted);
    }
  }

  override finish({ processes }: History, end: Replay): void {
    for (const group of end.groups.values()) if (!group.deleted) this.#judgeWaits(group);
    const calls: Operation[] = [];
    for (const { role, calls: all, told } of processes.identities.values()) {
      if (role === 'raw') continue;
      for (const call of all.values()) {
        const settled = told.get(call.localId)?.find(({ kind }) => kind === 'settled');
        if (settled?.kind !== 'settled' || settled.seq === 0) continue;
        for (const object of objectsOf(call)) {
          calls.push({ object, called: call.t, answered: settled.t, seq: settled.seq, call });
        }
      }
    }
    this.#judgeRealTime(calls);
  }

  /** When all is quiet nobody waits for what is free. */
  #judgeWaits(group: Group): void {
    const before = new Set<string>();
    for (const { client, objects } of group.locks.queue) {
      const isFree = objects.every(
        (object) => group.locks.setsWith(object).length === 0 && !before.has(object),
      );
      if (isFree) this.violated(`${client} waits for ${objects} of ${group.name}, which are free`);
      for (const object of objects) before.add(object);
    }
  }

  /** Whatever is free and not waited for is granted at once to a member that asks for it. */
  #judgeRequest(request: Request, { step, named }: Moment, { refusals }: History): void {
    const { client, localId, objects } = request;
    const group = named(request.group);
    if (group === null || group.members.get(client) === null || objects.length === 0) return;
    const granted = step.units.some(({ events }) =>
      events.some(
        (e) => e.event === 'lock_granted' && e.sender === client && e.localId === localId,
      ),
    );
    const obstacle = obstacleTo(objects, group);
    if (obstacle === null && !granted) {
      this.violated(`${client} asked for what was free, and was not granted it`, request);
    }
    const refusal = refusals.get(step.seq);
    if (refusal?.code === 'LOCK_DENIED' && request.wait) {
      this.violated(`${client} would have waited, and was denied`, request);
    }
  }

  /** A write is refused as locked or stale only if it is. */
  #judgeWrites(submit: Submit, { step, named }: Moment, { refusals }: History): void {
    const code = refusals.get(step.seq)?.code;
    if (code !== 'LOCKED' && code !== 'STALE_FENCE') return;
    const justified = step.parts.some((part) => {
      if (part.part !== 'obj_state') return false;
      const locks = named(part.group)?.locks;
      const sets = locks?.setsWith(part.object) ?? [];
      if (code === 'LOCKED') return sets.some(({ holder }) => holder !== submit.client);
      return part.fence !== 0 && !sets.some(({ lockSet }) => lockSet === part.fence);
    });
    if (!justified) this.violated(`${submit.client} was refused as ${code} and is not`, submit);
  }

  #judgeRealTime(operations: readonly Operation[]): void {
    for (const [object, all] of byObject(operations)) {
      const answered = all.toSorted((one, other) => one.answered - other.answered);
      let done = 0;
      let newest: Operation | null = null;
      for (const operation of all.toSorted((one, other) => one.called - other.called)) {
        for (; done < answered.length; done += 1) {
          const before = answered[done];
          if (before === undefined || before.answered >= operation.called) break;
          if (newest === null || before.seq > newest.seq) newest = before;
        }
        if (newest === null || newest.seq < operation.seq) continue;
        if (newest.seq === operation.seq && newest.call === operation.call) continue;
        const text = `${object}: the call was made after ${newest.seq} was answered, and is ${operation.seq}`;
        this.violated(text, operation.call);
      }
    }
  }
}

type Operation = {
  readonly object: string;
  readonly called: number;
  readonly answered: number;
  readonly seq: number;
  readonly call: Call;
};

function byObject(operations: readonly Operation[]): ReadonlyMap<string, Operation[]> {
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const before = groups.get(operation.object);
    if (before === undefined) groups.set(operation.object, [operation]);
    else before.push(operation);
  }
  return groups;
}

/** What stands in the way of a new request; null when nothing does. */
function obstacleTo(objects: readonly string[], { locks }: Group): string | null {
  for (const object of objects) {
    const [set] = locks.setsWith(object);
    if (set !== undefined) return `${object} is held by ${set.holder}`;
    const waiting = locks.queue.find((one) => one.objects.includes(object));
    if (waiting !== undefined) return `${object} is waited for by ${waiting.client}`;
  }
  return null;
}

function waitingBefore({ sender, localId, objects }: Granted, { locks }: Group): Waiting[] {
  const place = locks.queue.findIndex((one) => one.client === sender && one.localId === localId);
  const before = place === -1 ? locks.queue : locks.queue.slice(0, place);
  return before.filter((one) => one.objects.some((object) => objects.includes(object)));
}

/** What an operation concerns: objects that it locks or writes, by group. */
function objectsOf(call: Call): readonly string[] {
  switch (call.body) {
    case 'lock_request':
    case 'lock_release':
      return call.objects.map((object) => `${call.group}:${object}`);
    case 'message':
      return call.parts.flatMap((part) =>
        part.part === 'obj_state' ? [`${part.group}:${part.object}`] : [],
      );
    default:
      return [];
  }
}
