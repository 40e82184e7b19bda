/**
 * Sessions against the naive server, in random interleavings of work, delay, loss and return; judged
 * by what the server holds in the end. The rules are those of docs/design/client-session.md.
 */
import type { Command, OutgoingPart } from '@choir/client/session';
import { type GroupName, lockSetId } from '@choir/protocol';
import { Random } from '@choir/testkit';
import { describe, expect, test } from 'vitest';
import { Actor } from './actor.ts';
import {
  judgeConflicts,
  judgeCopies,
  judgeDeliveries,
  judgeEnds,
  judgeMissedConflicts,
} from './judges.ts';
import { ModelServer } from './model-server.ts';
import { bcast, bytes, client, group, object } from './stage.ts';

const groups = [group('team/a'), group('team/b')];
const objects = ['x', 'y', 'z'];
const seeds = 250;
const steps = 400;

class Play {
  readonly server = new ModelServer();
  readonly random: Random;
  readonly actors: readonly Actor[];
  #text = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.actors = ['ann', 'bob', 'cid'].map(
      (name) => new Actor(client(name), this.server, this.random.fork(name)),
    );
    for (const actor of this.actors) actor.do(join(groups));
  }

  step(): void {
    const actor = this.#pick(this.actors);
    const what = this.random.int(0, 99);
    if (what < 30) this.#work(actor);
    else if (what < 55) actor.carry(true);
    else if (what < 85) actor.carry(false);
    else if (what < 92) actor.connect();
    else if (what < 95) actor.cut(this.random.int(0, 5), this.random.chance(0.7));
    else if (what < 96) actor.tick();
    else if (what < 97) this.server.expireGrace();
    else if (what < 98) this.server.expireAbsence();
    else if (what < 99) this.server.refuseNext = this.#pick(['LIMIT', 'NOT_WRITABLE', null]);
    else if (this.random.chance(0.1)) this.server.floor = this.server.seq - this.random.int(0, 10);
  }

  /** Everybody comes back, and everything under way arrives. */
  settle(): void {
    this.server.refuseNext = null;
    for (let i = 0; i < 5_000; i++) {
      let busy = false;
      for (const actor of this.actors) {
        if (!actor.isConnected) actor.connect();
        actor.tick();
        for (let k = 0; actor.underWay > 0 && k < 1_000; k++) {
          actor.carry(true);
          actor.carry(false);
          busy = true;
        }
      }
      if (!busy && this.actors.every(({ session }) => session.pending === 0)) return;
    }
    throw new Error('it does not come to rest');
  }

  #work(actor: Actor): void {
    const name = this.#pick(groups);
    const what = this.random.int(0, 99);
    if (what < 25) actor.do({ kind: 'send', parts: [this.#bcast(name)] });
    else if (what < 60) actor.do({ kind: 'send', parts: [this.#write(name)] });
    else if (what < 70) actor.do({ kind: 'send', parts: groups.map((each) => this.#write(each)) });
    else if (what < 72) actor.do({ kind: 'send', parts: [checkpoint(name)] });
    else if (what < 85) actor.do(this.#lock(name));
    else if (what < 93) this.#release(actor, name);
    else if (what < 95) this.#cancel(actor, name);
    else if (what < 97) actor.do({ kind: 'leave', group: name });
    else actor.do(join([name]));
  }

  #lock(name: GroupName): Command {
    const names = objects.filter(() => this.random.chance(0.5)).map(object);
    const wait = this.random.chance(0.6);
    return { kind: 'lock', group: name, objects: names, wait, graceMs: 0 };
  }

  #release(actor: Actor, name: GroupName): void {
    const held = actor.session.group(name)?.locks.all.find(({ lockSet }) => lockSet !== null);
    if (held === undefined || held.lockSet === null) return;
    const some = this.random.chance(0.3) ? held.objects.slice(0, 1) : [];
    actor.do({ kind: 'release', group: name, lockSet: lockSetId(held.lockSet), objects: some });
  }

  #cancel(actor: Actor, name: GroupName): void {
    const asked = actor.session.group(name)?.locks.all.find(({ lockSet }) => lockSet === null);
    if (asked?.request) actor.do({ kind: 'cancel', group: name, request: asked.request });
  }

  #bcast(name: GroupName): OutgoingPart {
    return bcast('hello', this.random.chance(0.4), name);
  }

  #write(name: GroupName): OutgoingPart {
    this.#text += 1;
    return {
      kind: 'obj_state',
      group: name,
      object: object(this.#pick(objects)),
      update: this.random.chance(0.8) ? 'INC' : 'NEW',
      data: bytes(String(this.#text)),
    };
  }

  #pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const picked = from[this.random.int(0, from.length - 1)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

function join(names: readonly GroupName[]): Command {
  return { kind: 'join', groups: names.map((name) => ({ group: name, name: 'somebody' })) };
}

function checkpoint(name: GroupName): OutgoingPart {
  const data = bytes('checkpoint');
  return { kind: 'group_state', group: name, objects: [{ object: object('x'), data }] };
}

describe('random interleavings', () => {
  test('every promise of the session holds, whatever the interleaving', { timeout: 60_000 }, () => {
    const ends = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed++) {
      const play = new Play(seed);
      try {
        for (let i = 0; i < steps; i++) play.step();
        play.settle();
        for (const actor of play.actors) expect(actor.problems).toEqual([]);
        judgeEnds(play);
        judgeDeliveries(play);
        judgeCopies(play);
        judgeConflicts(play);
        judgeMissedConflicts(play);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
      for (const { fates } of play.actors) {
        for (const fate of fates.values()) ends.set(fate, (ends.get(fate) ?? 0) + 1);
      }
    }
    // A run in which nothing of a kind happened would prove nothing about it.
    for (const fate of ['settled', 'refused', 'conflict', 'discarded']) {
      expect(ends.get(fate) ?? 0).toBeGreaterThan(seeds / 4);
    }
  });
});
