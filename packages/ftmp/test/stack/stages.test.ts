/** Long messages that are under way when processors are added: what is void for one is void for all (E2, E10). */
import { describe, expect, test } from 'vitest';
import {
  type Body,
  checked,
  decode,
  encode,
  isRefusal,
  noView,
  type Part,
  type ProcessorId,
} from '../../src/index.ts';
import { Cluster, type ClusterOptions, group } from './cluster.ts';

/** Above every lookahead that the third has told. */
const far = 2 ** 21;
/** So much more it says every time: more than a lookahead of the others makes up for. */
const step = 2 ** 17;
const none = { first: false, last: false, restart: false, request: null };
const first = { ...none, first: true };
const last = { ...none, last: true };
const whole = { ...none, first: true, last: true };

/** The third of three members, which is silent: the test speaks for it, and acknowledges what it likes. Two more are not in the group. */
class Third {
  readonly cluster: Cluster;
  #sequence = 0;
  #ack = 0;
  /** The last of everybody's, which it confirms. */
  readonly #joins = new Map<ProcessorId, number>();
  timestamp = 0;

  constructor(options: ClusterOptions = {}) {
    const cluster = Cluster.formed(3, { ...options, beside: 2 });
    this.cluster = cluster;
    const { id } = cluster.at(3);
    cluster.isCut = (from, _to, bytes) => {
      const message = decode(checked.open(bytes) ?? bytes);
      if (from !== id || isRefusal(message)) return false;
      this.#sequence = message.header.sequence;
      this.timestamp = message.header.timestamp + far;
      this.#ack = message.header.ack;
      return false;
    };
    cluster.run(200);
    cluster.silent.add(id);
    cluster.loseAll();
    cluster.isCut = (from, _to, bytes) => {
      const message = decode(checked.open(bytes) ?? bytes);
      if (isRefusal(message) || message.body.type !== 'join') return false;
      this.#joins.set(from, message.header.timestamp);
      return false;
    };
  }

  says(text: string, part: Omit<Part, 'bytes'>): void {
    this.timestamp += 1;
    this.#sequence += 1;
    const parts = [{ ...part, bytes: new TextEncoder().encode(text) }];
    this.#say({ type: 'regular', parts });
  }

  /** Lets time pass, in which it is heard; perhaps it acknowledges everything. */
  run(forMs: number, acks: boolean): void {
    for (const end = this.cluster.now + forMs; this.cluster.now < end; this.cluster.run(10)) {
      this.timestamp += step;
      if (acks) this.#ack = this.timestamp - step / 2;
      this.beat();
    }
  }

  /** It is heard, at the time of what it said last. */
  beat(): void {
    const confirms = [...this.#joins].map(([processor, timestamp]) => ({ processor, timestamp }));
    const says = { progress: 0, asks: false, stalled: false, ahead: 0, confirms };
    const views = { configuration: noView, view: noView };
    this.#say({ type: 'heartbeat', ...says, ...views, padding: new Uint8Array(0) });
  }

  /** Another joins; until it follows the order this goes on. */
  hearsJoin(number: number, meanwhile: () => void): void {
    const { cluster } = this;
    cluster.at(number).join(group, cluster.now);
    for (let turns = 0; cluster.of(number, 'address').length === 0; turns += 1) {
      if (turns === 100) throw new Error('nobody adds it');
      meanwhile();
      cluster.run(5);
    }
  }

  #say(body: Body): void {
    const { id: source } = this.cluster.at(3);
    const { timestamp } = this;
    const counters = { sequence: this.#sequence, timestamp, ack: this.#ack };
    const bytes = checked.seal(encode({ order: 'big', source, group, ...counters }, body));
    for (const { id: to } of this.cluster.processors) {
      if (to !== source) this.cluster.transmit({ from: source, to, bytes });
    }
  }
}

describe('a joiner', () => {
  test.each([
    { what: 'what is void, and delivered', acks: true },
    { what: 'what will be void, and is not yet delivered', acks: false },
  ])('takes nothing before the restart, when its order begins within $what', ({ acks }) => {
    const third = new Third();
    const { cluster } = third;
    // Nothing behind this is delivered before the third acknowledges it.
    cluster.send(1, 'safe', true);
    third.run(10, acks);
    third.says('a', first);
    third.run(50, acks);
    third.hearsJoin(4, () => third.run(10, acks));
    third.run(50, acks);
    third.says('a', last);
    third.says('b', first);
    third.says('b', last);
    third.run(50, acks);
    third.hearsJoin(5, () => third.run(10, acks));
    third.run(50, acks);
    third.says('c', whole);
    third.run(50, acks);
    third.says('d', { ...whole, restart: true });
    third.run(300, true);
    expect(cluster.of(5, 'view').at(-1)?.view.members).toHaveLength(5);
    for (const number of [1, 2]) expect(cluster.texts(number)).toEqual(['safe', 'd']);
    for (const number of [4, 5]) expect(cluster.texts(number)).toEqual(['d']);
  });

  test('takes the next message, when its order begins within one that ends before its first view', () => {
    const third = new Third();
    const { cluster } = third;
    third.says('a', first);
    cluster.run(50);
    third.hearsJoin(4, () => third.beat());
    third.says('a', last);
    third.run(200, true);
    third.says('b', whole);
    third.run(50, true);
    expect([1, 2, 4].map((number) => cluster.texts(number))).toEqual([
      ['aa', 'b'],
      ['aa', 'b'],
      ['b'],
    ]);
  });

  test('takes nothing before the restart of who says a last piece without a first', () => {
    const third = new Third();
    const { cluster } = third;
    third.run(50, true);
    third.hearsJoin(4, () => third.beat());
    third.says('a', last);
    third.says('b', whole);
    third.run(200, true);
    third.says('c', whole);
    third.says('d', { ...whole, restart: true });
    third.run(50, true);
    expect([1, 2, 4].map((number) => cluster.texts(number))).toEqual([['d'], ['d'], ['d']]);
  });

  test('has what the others have of who says too much, when its order begins within that', () => {
    const third = new Third();
    const { cluster } = third;
    const much = 'x'.repeat(59_000);
    third.says(much, first);
    for (let at = 1; at < 284; at += 1) {
      third.says(much, none);
      if (at % 20 === 0) third.run(10, true);
    }
    third.run(50, true);
    cluster.run(10);
    third.hearsJoin(4, () => third.beat());
    third.says(much, none);
    third.says('a', last);
    third.run(200, true);
    third.says('b', whole);
    third.run(100, true);
    expect(cluster.at(1).counters(group)?.oversizeMessages).toBe(1);
    expect([1, 2, 4].map((number) => cluster.texts(number))).toEqual([['b'], ['b'], ['b']]);
  });

  test('is not added while something is ordered of the time of what is not', () => {
    const third = new Third({ settings: { backlogBytes: 1_000 } });
    const { cluster } = third;
    const [one, two] = [cluster.at(1), cluster.at(2)];
    third.run(50, true);
    // The application of the first takes nothing, so that its own message, of which the last piece fills the backlog, is ordered alone.
    cluster.greedless.add(one.id);
    let sent = 0;
    cluster.isCut = (from, to, bytes) => {
      const message = decode(checked.open(bytes) ?? bytes);
      if (isRefusal(message)) return false;
      if (from === one.id && message.body.type === 'regular') sent = message.header.timestamp;
      return message.body.type === 'join' && to === two.id;
    };
    one.submit(group, { bytes: new Uint8Array(2_000), safe: false, request: null });
    cluster.run(1);
    third.timestamp = sent - 1;
    third.says('of the same time', whole);
    cluster.run(20);
    expect(cluster.of(1, 'deliver')).toHaveLength(1);
    cluster.at(4).join(group, cluster.now);
    for (let turns = 0; turns < 20; turns += 1) {
      third.beat();
      cluster.run(10);
    }
    expect(cluster.of(4, 'address')).toEqual([]);
    cluster.greedless.delete(one.id);
    one.delivered(group, 2_000);
    third.run(600, true);
    cluster.send(1, 'b');
    third.run(300, true);
    expect(cluster.texts(4)).toEqual(['b']);
  });
});
