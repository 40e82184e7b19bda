/**
 * Random commands, valid and invalid, against the naive model (G2–G8); at random points the service is
 * restored from its snapshot, and both go on side by side (G1).
 */
import { Writer } from '@choir/bytes';
import { type Command, command, type Effect, GroupsService, type Proposal } from '@choir/groups';
import type { Ordered } from '@choir/ordering';
import {
  type Event,
  type GroupName,
  type LockSetId,
  localId,
  lockSetId,
  type Part,
  type Submission,
  type SubmissionBody,
  sessionId,
} from '@choir/protocol';
import { Random } from '@choir/testkit';
import { expect, test } from 'vitest';
import { Model } from './naive-model.ts';
import { bytes, client, group, object } from './scene.ts';

const seeds = 25;
const steps = 400;
const people = ['ann', 'bob', 'cid', 'dan'] as const;
const rooms = ['room', 'room/two', 'hall'] as const;
const things = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const nodes = ['n1', 'n2', 'n3'] as const;

type Row = { readonly at: number; readonly events: readonly Event[] };

class Run {
  readonly model = new Model();
  readonly service = new GroupsService();
  readonly counts = new Map<string, number>();
  #restored: GroupsService | null = null;
  readonly #random: Random;
  readonly #sent: { who: string; submission: Submission }[] = [];
  readonly #proposals: Proposal[] = [];
  /** By group id. */
  readonly #rows = new Map<number, Row[]>();
  readonly #decided = new Set<string>();
  #seq = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  step(): void {
    const random = this.#random;
    if (random.chance(0.05)) {
      const snapshot = this.service.snapshot();
      this.#restored = GroupsService.restore(snapshot);
      expect(this.#restored?.snapshot()).toEqual(snapshot);
    }
    this.#seq += 1;
    const seq = this.#seq;
    const at = { epoch: 1, seq };
    const previous = { epoch: 1, seq: seq - 1 };
    if (random.chance(0.01)) {
      const node = random.pick(nodes);
      const gone = { kind: 'members', at, previous, time: 0, nodes: [], gone: [node] } as const;
      const predicted = this.model.loseNode(seq, node);
      this.#compare(gone, predicted, `node ${node} gone`);
      return;
    }
    const act = this.#command();
    const source = random.pick(nodes);
    const writer = new Writer();
    command.write(writer, act);
    const entry = { kind: 'entry', source, n: seq, bytes: writer.take() } as const;
    const predicted = this.model.apply(seq, act, source);
    this.#compare({ ...entry, at, previous, time: 0 }, predicted, JSON.stringify(act));
  }

  #compare(
    ordered: Ordered,
    predicted: { readonly events: Map<string, string[]>; readonly told: string[] },
    what: string,
  ): void {
    const effects = this.service.apply(ordered);
    if (this.#restored !== null) same(this.#restored.apply(ordered), effects, what);
    this.#keep(effects);
    const events = effects.flatMap((effect) =>
      effect.kind === 'deliver' ? [[effect.name, effect.events.map(eventInWords)] as const] : [],
    );
    same(events.sort(byName), [...predicted.events].sort(byName), what);
    same(effects.flatMap(inWords).sort(), [...predicted.told].sort(), what);
    this.#checkGroups(what);
  }

  #keep(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'arm') this.#proposals.push(effect.timer.proposal);
      if (effect.kind === 'deliver') {
        const rows = this.#rows.get(effect.group) ?? [];
        rows.push({ at: this.#seq, events: effect.events });
        this.#rows.set(effect.group, rows);
      }
      if (effect.kind === 'settle') this.#count(effect);
    }
  }

  /** G2: nothing is decided twice. */
  #count({ client: who, group: name, localId: id, at, result }: Settle): void {
    const verdict = result.kind === 'refused' ? result.code : result.kind;
    this.counts.set(verdict, (this.counts.get(verdict) ?? 0) + 1);
    if (at.seq !== this.#seq) return;
    if (['ID_REUSED', 'FORGOTTEN', 'WAIT_ENDED'].includes(verdict)) return;
    const key = `${who} ${name} ${id}`;
    expect(this.#decided.has(key), key).toBe(false);
    this.#decided.add(key);
  }

  #checkGroups(what: string): void {
    const pending = this.service.pendingTimers().map(({ proposal }) => proposal);
    same(this.service.counts().groups, this.model.groups.size, what);
    for (const [name, wanted] of this.model.groups) {
      const id = this.service.groupNamed(group(name));
      const found = id === null ? null : this.service.describe(id);
      if (id === null || found === null) throw new Error(`no group ${name} after ${what}`);
      const members = found.members.map((member) => [member.clientId, member.status]);
      same(members, [...wanted.members].map(statusOf), what);
      const locks = found.locks.map((lock) => [lock.lockSet, lock.senderId, lock.objects]);
      same(
        locks,
        wanted.holdings.map((each) => [each.id, each.holder, each.objects]),
        what,
      );
      const properties = found.properties.map(({ name: key, value }) => [key, value]);
      same(properties, [...wanted.properties], what);
      // G3.
      const locked = found.locks.flatMap(({ objects }) => objects);
      same(new Set(locked).size, locked.length, what);
      // G4, and no lost wake-up: what has to happen is armed, and nothing else.
      const due = pending.filter((proposal) => 'group' in proposal && proposal.group === id);
      const graces = wanted.holdings.filter(({ absence }) => absence !== null);
      const absent = [...wanted.members.values()].filter(({ absence }) => absence !== null);
      const waking = wanted.grantable().length > 0;
      same(
        due.some(({ kind }) => kind === 'grant_next'),
        waking,
        what,
      );
      same(due.length, graces.length + absent.length + (waking ? 1 : 0), what);
      if (this.#seq % 5 === 0) this.#checkContent(id);
    }
  }

  /** G7: what is left of the log gives the same content as the whole of it. */
  #checkContent(id: number): void {
    const rows = this.#rows.get(id) ?? [];
    const whole = new Map<string, string[]>();
    for (const { at, events } of rows) fold(whole, at, events, null);
    const left = new Map<string, string[]>();
    for (const { seq, objects } of this.service.content(id as never, null)) {
      const row = rows.find(({ at }) => at === seq);
      fold(left, seq, row?.events ?? [], objects);
    }
    expect(left).toEqual(whole);
  }

  #command(): Command {
    const random = this.#random;
    const who = random.pick(people);
    const one = { client: client(who) };
    const known = this.model.clients.get(who);
    const now = random.chance(0.95) ? (known?.session ?? 1) : random.int(1, this.#seq);
    const session = sessionId(now);
    if (known?.session === undefined || known.session === null) {
      if (random.chance(0.6)) return this.#attach(who);
    }
    switch (
      random.weighted({ attach: 2, detach: 3, join: 40, submit: 150, timer: 10, forget: 1 })
    ) {
      case 'attach':
        return this.#attach(who);
      case 'detach':
        return { kind: 'detach', ...one, session };
      case 'join':
        return { kind: 'join', ...one, session, requestId: 1, targets: this.#targets(who) };
      case 'timer':
        return this.#proposals.length === 0 ? this.#attach(who) : this.#timer();
      case 'forget': {
        const absence = random.chance(0.1) ? (known?.absentSince ?? 0) : random.int(0, this.#seq);
        return { kind: 'forget', ...one, absence };
      }
      default: {
        const submission = this.#submission(who);
        return { kind: 'submit', ...one, session, privileged: random.chance(0.3), submission };
      }
    }
  }

  /** Mostly one of the newest, so that many are still current; `forget` seldom. */
  #timer(): Proposal {
    const newest = Math.max(0, this.#proposals.length - 8);
    const picked = this.#proposals[this.#random.int(newest, this.#proposals.length - 1)];
    if (picked === undefined) throw new Error('no timer');
    if (picked.kind === 'forget' && this.#random.chance(0.97)) return { ...picked, absence: 0 };
    return picked;
  }

  #attach(who: string): Command {
    const secret = this.#random.chance(0.95) ? who : 'guess';
    return { kind: 'attach', client: client(who), secretHash: bytes(secret.padEnd(32, '.')) };
  }

  #targets(who: string): Extract<Command, { kind: 'join' }>['targets'] {
    const random = this.#random;
    const first = random.pick(rooms);
    const names = [...new Set([first, random.chance(0.3) ? random.pick(rooms) : first])];
    return names.map((name) => {
      const id = this.model.groups.get(name)?.id ?? 0;
      const created = random.chance(0.9) ? id : random.int(0, this.#seq);
      const target = { group: group(name), name: who, created };
      if (random.chance(0.5)) return target;
      return { ...target, after: { epoch: 1, seq: random.int(0, this.#seq + 2) } };
    });
  }

  #submission(who: string): Submission {
    const random = this.#random;
    const sent = this.#sent.filter((each) => each.who === who);
    if (sent.length > 0 && random.chance(0.1)) {
      const again = random.pick(sent.slice(-20)).submission;
      return random.chance(0.8) ? again : { ...again, body: this.#body(again.group) };
    }
    const joined = rooms.filter((room) => this.model.groups.get(room)?.members.has(who));
    const name = group(random.pick(joined.length > 0 && random.chance(0.9) ? joined : rooms));
    const mark = this.model.mark(who, name);
    const previous = random.chance(0.95) ? mark : random.int(0, mark + 2);
    const id = localId(mark + random.int(1, 2));
    const submission = { group: name, localId: id, previous, body: this.#body(name) };
    this.#sent.push({ who, submission });
    return submission;
  }

  #body(name: GroupName): SubmissionBody {
    const random = this.#random;
    const kinds = { message: 50, lock: 18, release: 16, cancel: 3, break: 3, leave: 1, other: 4 };
    switch (random.weighted(kinds)) {
      case 'message':
        return { kind: 'message', parts: this.#parts(name) };
      case 'lock':
        return {
          kind: 'lock_request',
          objects: this.#some(),
          wait: random.chance(0.5),
          graceMs: 5_000,
        };
      case 'release': {
        const objects = random.chance(0.6) ? [] : this.#some();
        return { kind: 'lock_release', lockSet: this.#lockSet(name), objects };
      }
      case 'cancel': {
        const waits = this.model.groups.get(name)?.waits ?? [];
        const request = waits.length === 0 ? 1 : random.pick(waits).localId;
        return { kind: 'lock_cancel', request: localId(request) };
      }
      case 'break':
        return { kind: 'lock_break', lockSet: this.#lockSet(name), reason: 'because' };
      case 'leave':
        return { kind: 'leave' };
      default:
        return this.#groupChange();
    }
  }

  #groupChange(): SubmissionBody {
    const random = this.#random;
    const properties = [{ name: random.pick(things), value: random.pick(['', 'x', 'y']) }];
    switch (random.weighted({ rename: 4, properties: 4, create: 2, delete: 1 })) {
      case 'rename':
        return { kind: 'rename', name: random.pick(people) };
      case 'properties':
        return { kind: 'properties', properties };
      case 'create':
        return { kind: 'create', stateful: random.chance(0.9), absenceMs: 0, properties };
      default:
        return { kind: 'delete' };
    }
  }

  #parts(name: GroupName): readonly Part[] {
    const random = this.#random;
    const length = random.chance(0.02) ? 0 : random.pick([1, 1, 1, 1, 2, 3]);
    const names = Array.from({ length }, () =>
      random.chance(0.8) ? name : group(random.pick(rooms)),
    );
    return names.map((each) => this.#part(each));
  }

  #part(name: GroupName): Part {
    const random = this.#random;
    const last = random.chance(0.98) ? this.#seq - 1 : this.#seq;
    const base = random.chance(0.5) ? last : Math.max(0, last - random.int(0, 40));
    const data = bytes(String(this.#seq));
    switch (random.weighted({ bcast: 4, obj_state: 40, group_state: 1 })) {
      case 'bcast':
        return { kind: 'bcast', group: name, exclusive: random.chance(0.5), data };
      case 'group_state': {
        const objects = [...new Set(this.#some())].map((each) => ({ object: each, data }));
        return { kind: 'group_state', group: name, base, objects };
      }
      default: {
        const fence = random.chance(0.85) ? 0 : this.#lockSet(name);
        const update = random.pick(['INC', 'NEW'] as const);
        const one = object(random.pick(things));
        return { kind: 'obj_state', group: name, object: one, update, base, fence, data };
      }
    }
  }

  #some(): readonly ReturnType<typeof object>[] {
    const random = this.#random;
    return Array.from({ length: random.int(random.chance(0.05) ? 0 : 1, 2) }, () =>
      object(random.pick(things)),
    );
  }

  #lockSet(name: string): LockSetId {
    const holdings = this.model.groups.get(name)?.holdings ?? [];
    if (holdings.length === 0 || this.#random.chance(0.1)) {
      return lockSetId(this.#random.int(1, this.#seq));
    }
    return lockSetId(this.#random.pick(holdings).id);
  }
}

/** `expect` costs too much to be asked in every case. */
function same(found: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) expect(found, what).toEqual(wanted);
}

type Settle = Extract<Effect, { kind: 'settle' }>;

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function statusOf([who, { absence }]: readonly [string, { absence: number | null }]): unknown {
  return [who, absence === null ? 'member' : 'disconnected_member'];
}

function eventInWords(event: Event): string {
  switch (event.kind) {
    case 'lock_granted': {
      const { senderId, localId: id, lockSet, objects } = event;
      return `lock_granted ${senderId} ${id} ${lockSet} ${objects.join()}`;
    }
    case 'lock_released': {
      const { lockSet, objects, by = null, cause, localId: id } = event;
      const number = id === undefined ? '' : ` ${id}`;
      return `lock_released ${lockSet} ${objects.join()} ${by} ${cause}${number}`;
    }
    case 'non_member':
      return `non_member ${event.clientId} ${event.cause}`;
    case 'new_member':
    case 'disconnected_member':
    case 'rejoined_member':
      return `${event.kind} ${event.clientId}`;
    case 'renamed_member':
      return `${event.kind} ${event.clientId} ${event.localId}`;
    default:
      return `${event.kind} ${event.senderId} ${event.localId}`;
  }
}

const sessionOwners = new Map<number, string>();

function inWords(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case 'settle': {
      const { client: who, session, group: name, localId: id, at, result, delivered } = effect;
      const verdict = result.kind === 'refused' ? result.code : result.kind;
      return [`${who} ${session} ${name} ${id} ${verdict}@${at.seq} ${delivered}`];
    }
    case 'attached':
      sessionOwners.set(effect.session, effect.client);
      return [`${effect.client} attached`];
    case 'attach_refused':
      return [`${effect.client} attach ${effect.code}`];
    case 'session_ended':
      return [`${sessionOwners.get(effect.session)} session_ended ${effect.session}`];
    case 'resend':
      return [`${sessionOwners.get(effect.session)} resend ${effect.group} ${effect.mark}`];
    case 'join_refused':
      return [`${sessionOwners.get(effect.session)} join ${effect.code}`];
    case 'joined':
      return effect.groups.map(({ name, mark, answer }) => {
        const how =
          answer.kind === 'resume' ? `resume ${answer.after.seq}` : `transfer ${answer.gap}`;
        return `${sessionOwners.get(effect.session)} joined ${name} ${how} ${mark}`;
      });
    default:
      return [];
  }
}

/**
 * The updates of `only` (null: all objects), in order, into the content of each. A checkpoint ends also
 * the objects that it does not name: whoever reads a row by a `ContentRef` has to know that.
 */
function fold(
  into: Map<string, string[]>,
  at: number,
  events: readonly Event[],
  only: readonly string[] | null,
): void {
  const wanted = (id: string): boolean => only === null || only.includes(id);
  for (const [index, event] of events.entries()) {
    const update = `${at}.${index}`;
    if (event.kind === 'obj_state' && wanted(event.object)) {
      const before = event.update === 'NEW' ? [] : (into.get(event.object) ?? []);
      into.set(event.object, [...before, update]);
    } else if (event.kind === 'group_state') {
      for (const id of only ?? [...into.keys()]) into.delete(id);
      for (const { object: id } of event.objects) if (wanted(id)) into.set(id, [update]);
    }
  }
}

test('G1–G8: random commands do what the naive model says, also after a restore', () => {
  const counts = new Map<string, number>();
  for (let seed = 1; seed <= seeds; seed += 1) {
    const run = new Run(seed);
    try {
      for (let step = 0; step < steps; step += 1) run.step();
    } catch (cause) {
      throw new Error(`seed ${seed}`, { cause });
    }
    for (const [verdict, n] of run.counts) counts.set(verdict, (counts.get(verdict) ?? 0) + n);
  }

  // The run is worth something only when it meets every verdict often.
  for (const verdict of ['ok', 'waiting', 'LOCKED', 'CONFLICT', 'CHECKPOINTED', 'STALE_FENCE']) {
    expect(counts.get(verdict) ?? 0, verdict).toBeGreaterThan(20);
  }
});
