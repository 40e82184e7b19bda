/** Random lives of a few clients, judged by the log. The seed is in the name of the test. */
import type { Delivery, FromServer } from '@choir/protocol';
import { Random } from '@choir/testkit';
import { afterAll, expect, test } from 'vitest';
import { clientIdOf } from '../names.ts';
import { textsOf } from './folding.ts';
import type { Participant } from './participant.ts';
import { Scene } from './scene.ts';
import { StreamCheck } from './stream-check.ts';

const groups = ['team/a', 'team/b', 'solo'];
const names = ['ann', 'bob', 'cid', 'root'];
const seeds = Number(process.env['CHOIR_SEEDS'] ?? 60);

class Life {
  readonly random: Random;
  readonly scene: Scene;
  readonly connections: { readonly name: string; readonly participant: Participant }[] = [];
  readonly #current = new Map<string, Participant>();
  #localId = 1;

  constructor(seed: number) {
    this.random = new Random(seed);
    const random = this.random.fork('settings');
    this.scene = new Scene({
      admins: new Set([clientIdOf('root')]),
      sendBufferBytes: random.pick([60, 200, 1_000, 100_000]),
      tailBytes: random.pick([0, 300, 3_000, 1_000_000]),
      groupContentBytes: random.pick([0, 500, 1_000_000]),
      contentBytes: random.pick([700, 1_000_000]),
      pageBytes: random.pick([1, 200, 2_000]),
      chunkBytes: random.pick([1, 50, 10_000]),
      readsMax: random.pick([1, 3]),
      rowsDelayMs: random.pick([0, 100, 100_000]),
      snapshotEntries: random.pick([5, 50, 100_000]),
      snapshotEntryBytes: random.pick([300, 100_000]),
      owedMax: random.pick([3, 100]),
      tooSlowMs: 1_000_000,
      fedPerTurn: random.pick([1, 3, 100]),
      membershipNewsMs: random.pick([1, 50]),
      membershipNewsAbove: random.pick([0, 2, 100]),
    });
  }

  /** Everybody attaches and joins everything, for a start. */
  begin(): void {
    for (const name of names) {
      this.#attach(name);
      for (const group of groups) this.#current.get(name)?.join(group);
    }
    this.scene.run();
  }

  step(): void {
    const { random, scene } = this;
    const action = random.weighted({
      attach: 3,
      drop: 1,
      join: 3,
      leave: 1,
      bcast: 8,
      write: 8,
      checkpoint: 1,
      delete: 0.3,
      read: 1,
      stall: 1,
      readOn: 4,
      turn: 8,
      run: 3,
      advance: 2,
      hold: 1,
      restart: 0.3,
    });
    const name = random.pick(names);
    const participant = this.#current.get(name);
    const group = random.pick(groups);
    switch (action) {
      case 'attach':
        this.#attach(name);
        return;
      case 'turn':
        scene.turn();
        return;
      case 'run':
        scene.run();
        return;
      case 'advance':
        scene.advance(random.int(1, 3_000));
        return;
      case 'hold':
        scene.journalHeld = !scene.journalHeld;
        return;
      case 'restart':
        this.#current.clear();
        scene.restart();
        return;
      default:
        if (participant?.closedWith === null) this.#act(action, { name, participant, group });
    }
  }

  /** Everybody reads and everything comes to rest. */
  settle(): void {
    this.scene.journalHeld = false;
    for (let round = 0; round < 2_000; round += 1) {
      for (const participant of this.#current.values()) {
        participant.reading = true;
        participant.readOn();
      }
      this.scene.run();
    }
    this.scene.advance(200_000);
  }

  live(): [string, Participant][] {
    return [...this.#current].filter(([, participant]) => participant.closedWith === null);
  }

  #attach(name: string): void {
    const participant = this.scene.connect();
    participant.hello(clientIdOf(name));
    this.connections.push({ name, participant });
    this.#current.set(name, participant);
  }

  #act(action: string, who: { name: string; participant: Participant; group: string }): void {
    const { name, participant, group } = who;
    const { random } = this;
    switch (action) {
      case 'drop':
        participant.drop();
        this.#current.delete(name);
        return;
      case 'join':
        this.#join(name, participant, group);
        return;
      case 'read':
        participant.read(group);
        return;
      case 'stall':
        participant.reading = false;
        return;
      case 'readOn':
        participant.readOn(random.int(1, 4));
        return;
      default:
        if (this.#learn(participant, group)) this.#submit(action, participant, group);
    }
  }

  /** Joins from where the client was, if it was there. */
  #join(name: string, participant: Participant, group: string): void {
    const from = this.random.chance(0.7) ? this.#position(name, group) : undefined;
    participant.join(group, from);
  }

  #position(name: string, group: string) {
    let created = 0;
    let after = { epoch: 0, seq: 0 };
    for (const { name: other, participant } of this.connections) {
      if (other !== name) continue;
      for (const message of participant.messages) {
        if (!('group' in message) || message.group !== group) continue;
        if (message.kind === 'transfer_begin' && message.purpose === 'join') {
          ({ created, at: after } = message);
        }
        if (message.kind === 'resume_begin') ({ created, after } = message);
        if (message.kind === 'delivery') after = message.at;
      }
    }
    return created === 0 ? undefined : { created, after };
  }

  /** The chain stands where the last block or `resend` said; false before the first. */
  #learn(participant: Participant, group: string): boolean {
    const marks = participant.messages.flatMap((message) => {
      if (!('group' in message) || message.group !== group || !('mark' in message)) return [];
      return [message.mark];
    });
    const mark = marks.at(-1);
    if (mark === undefined) return false;
    participant.learnMark(group, mark, this.#localId++);
    return true;
  }

  #submit(action: string, participant: Participant, group: string): void {
    const { random } = this;
    const data = `${'x'.repeat(random.int(0, 60))};`;
    switch (action) {
      case 'leave':
        participant.submit(group, { kind: 'leave' });
        return;
      case 'delete':
        participant.submit(group, { kind: 'delete' });
        return;
      case 'checkpoint':
        participant.checkpoint(group, { 'object-0': data, 'object-1': data });
        return;
      case 'write': {
        const update = random.chance(0.3) ? 'NEW' : 'INC';
        participant.write(group, `object-${random.int(0, 4)}`, data, update);
        return;
      }
      default:
        if (group === 'solo') participant.bcast(group, data, random.chance(0.5));
        else participant.bcastAll(random.shuffle(['team/a', 'team/b']), data);
    }
  }
}

let deliveries = 0;
let pages = 0;

test.each(Array.from({ length: seeds }, (_, index) => index + 1))('seed %i', (seed) => {
  const life = new Life(seed);
  life.begin();
  for (let step = 0; step < 400; step += 1) life.step();
  life.settle();
  let judged = 0;
  for (const { name, participant } of life.connections) {
    const check = new StreamCheck(name, life.scene.log.values());
    check.judge(participant.messages);
    const isLive = life.live().some(([, each]) => each === participant);
    if (isLive) check.judgeEnd();
    judged += check.judged;
  }
  deliveries += judged;
  for (const { kind } of life.scene.requests) if (kind === 'read-rows') pages += 1;
  judgeContents(life);
});

afterAll(() => {
  // Else the seeds prove nothing.
  expect(deliveries / seeds).toBeGreaterThan(50);
  expect(pages / seeds).toBeGreaterThan(1);
});

/** Whoever is a member at the end has what a reader gets, and so has a reader after a restart. */
function judgeContents(life: Life): void {
  const { scene } = life;
  for (const group of groups) {
    const expected = readFrom(scene, group);
    for (const [name, participant] of life.live()) {
      const own = copyOf(participant.messages, group);
      const joined = own.some(({ kind }) => kind === 'transfer_begin');
      const left = own.some((message) => message.kind === 'delivery' && leaves(message, name));
      if (joined && !left) expect(textsOf(own)).toEqual(expected);
    }
  }
  const before = groups.map((group) => readFrom(scene, group));
  scene.restart();
  expect(groups.map((group) => readFrom(scene, group))).toEqual(before);
}

function readFrom(scene: Scene, group: string): Record<string, string> {
  const reader = scene.attach('reader');
  reader.read(group);
  scene.run();
  for (let each = 0; each < 1_000; each += 1) {
    reader.readOn();
    scene.run();
  }
  return textsOf(reader.messages);
}

/** What a member's copy of a group is made of: not what it read beside. */
function copyOf(messages: readonly FromServer[], group: string): FromServer[] {
  let reading = false;
  let last = 0;
  return messages.filter((message) => {
    if (!('group' in message) || message.group !== group) return false;
    if (message.kind === 'transfer_begin') {
      reading = message.purpose === 'read';
      if (!reading) last = message.at.seq;
    }
    if (message.kind === 'delivery') {
      // Joining again what is joined already brings some of it twice.
      if (message.at.seq <= last) return false;
      last = message.at.seq;
    }
    return !reading || message.kind === 'delivery';
  });
}

function leaves({ events }: Delivery, name: string): boolean {
  return events.some(
    (event) =>
      event.kind === 'group_deleted' || (event.kind === 'non_member' && event.clientId === name),
  );
}
