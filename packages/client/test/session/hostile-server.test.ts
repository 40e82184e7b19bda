/** E8: whatever a server says, the session neither throws nor tells its application nonsense. */
import type { Command } from '@choir/client/session';
import { type Event, type FromServer, localId, lockSetId } from '@choir/protocol';
import { Random } from '@choir/testkit';
import { expect, test } from 'vitest';
import {
  at,
  bcast,
  event,
  group,
  lockInfo,
  me,
  object,
  other,
  room,
  Stage,
  write,
} from './stage.ts';

const seeds = 100;
const steps = 200;

class Hostile {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  command(): Command {
    const small = localId(this.#small());
    return this.#pick<Command>([
      { kind: 'join', groups: [{ group: this.#group(), name: 'Me' }] },
      { kind: 'send', parts: [bcast('x', this.#random.chance(0.5), this.#group())] },
      { kind: 'send', parts: [write('doc', 'x', this.#group())] },
      { kind: 'lock', group: this.#group(), objects: [object('doc')], wait: true, graceMs: 0 },
      { kind: 'release', group: this.#group(), lockSet: lockSetId(small), objects: [] },
      { kind: 'cancel', group: this.#group(), request: small },
      { kind: 'leave', group: this.#group() },
      { kind: 'watch', group: this.#group(), scope: 'everything', from: null },
      { kind: 'unwatch', group: this.#group() },
      { kind: 'read', group: this.#group(), objects: [] },
      { kind: 'status' },
    ]);
  }

  message(): FromServer {
    const seq = at(this.#small() * 3);
    const n = localId(this.#small());
    const requestId = this.#small();
    const name = this.#group();
    const block = { requestId, group: name, at: seq };
    const state = { stateful: true, absenceMs: 1, properties: [], members: [] };
    const text = { code: this.#pick(['LOCKED', 'LIMIT', 'NOT_WRITABLE', 'NO', '']), message: '' };
    return this.#pick<FromServer>([
      { kind: 'delivery', group: name, at: seq, time: 0, events: [this.#event()] },
      { kind: 'delivery', group: name, at: seq, time: 0, events: [this.#event(), this.#event()] },
      { kind: 'delivery', group: name, at: seq, time: 0, events: [] },
      { kind: 'ack', group: name, senderId: this.#pick([me, other]), localId: n, at: seq },
      { kind: 'waiting', group: name, localId: n, at: seq, holders: [] },
      { kind: 'refused', group: name, localId: n, at: seq, holders: [], ...text },
      { kind: 'refused', group: name, localId: n, holders: [], ...text },
      { kind: 'resend', group: name, mark: this.#small() },
      { kind: 'request_refused', requestId, ...text },
      { kind: 'resume_begin', ...block, created: this.#small(), after: seq, mark: this.#small() },
      { kind: 'resume_end', ...block },
      {
        kind: 'transfer_begin',
        purpose: this.#pick(['join', 'watch', 'read'] as const),
        ...block,
        ...state,
        created: this.#small(),
        gap: this.#random.chance(0.5),
        mark: this.#small(),
        locks: [lockInfo(this.#pick([me, other]), this.#small(), this.#small(), 'doc')],
      },
      { kind: 'transfer_objects', requestId, group: name, updates: [] },
      { kind: 'transfer_end', ...block },
      {
        kind: 'volatile',
        group: name,
        after: this.#small(),
        senderId: other,
        data: new Uint8Array(),
      },
      { kind: 'pong', nonce: 1 },
      { kind: 'goodbye', ...text, retryAfterMs: 1 },
    ]);
  }

  #event(): Event {
    const who = this.#pick([me, other]);
    const n = this.#small();
    return this.#pick<Event>([
      event.bcast(who, n, 'x', this.#random.chance(0.5)),
      event.write(who, n, 'doc'),
      event.checkpoint(who, n, ['doc']),
      event.granted(who, n, this.#small(), 'doc'),
      event.released(who, this.#small(), ['doc'], { whole: this.#random.chance(0.5) }),
      event.expired(who, this.#small(), 'doc'),
      { kind: 'new_member', clientId: who, name: 'x' },
      { kind: 'non_member', clientId: who, cause: 'left', localId: localId(n) },
      { kind: 'disconnected_member', clientId: who },
      { kind: 'renamed_member', clientId: who, name: 'y' },
      { kind: 'group_deleted', senderId: who, localId: localId(n) },
    ]);
  }

  /** The group, mostly, with which the session has to do; and always related to it. */
  #group() {
    return this.#random.chance(0.8) ? room : group('room/other');
  }

  #small(): number {
    return this.#random.int(1, 12);
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[this.#random.int(0, from.length - 1)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

/** What an application must never be told, whatever the server says. */
function judge(stage: Stage, open: Set<number>, last: Map<string, number>): void {
  for (const told of stage.told()) {
    if (told.kind === 'settled' || told.kind === 'refused' || told.kind === 'withdrawn') {
      expect(open.delete(told.localId)).toBe(true);
    } else if (told.kind === 'given_back') open.add(told.localId);
    else if (told.kind === 'message') {
      expect(told.at.seq).toBeGreaterThan(last.get(told.group) ?? Number.POSITIVE_INFINITY);
      last.set(told.group, told.at.seq);
    } else if (told.kind === 'joined') last.set(told.group, told.at.seq);
    else if (told.kind === 'rejoined' && told.gap) last.set(told.group, told.at.seq);
  }
  expect(stage.session.pending).toBeGreaterThanOrEqual(open.size);
  expect(stage.session.nextTimeout()).not.toBeNaN();
}

test('random messages are answered by a new connection at the worst', { timeout: 60_000 }, () => {
  let violations = 0;
  let messages = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const random = new Random(seed);
    const hostile = new Hostile(random);
    const stage = new Stage();
    const open = new Set<number>();
    const last = new Map<string, number>();
    for (let step = 0; step < steps; step++) {
      if (stage.session.state !== 'online') {
        stage.connect();
        judge(stage, open, last);
      }
      const command = hostile.command();
      const result = random.chance(0.3) ? stage.do(command) : null;
      const submits = command.kind !== 'read' && command.kind !== 'status';
      if (result?.kind === 'accepted' && result.id > 0 && submits) open.add(result.id);
      stage.hear(hostile.message());
      if (random.chance(0.05)) stage.pass(random.int(1, 30_000));
      if (stage.session.state === 'offline') violations += 1;
      else messages += 1;
      judge(stage, open, last);
    }
  }
  expect(violations).toBeGreaterThan(seeds);
  expect(messages).toBeGreaterThan(seeds);
});
