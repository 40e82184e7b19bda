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
import { Cluster, group } from './cluster.ts';

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
  readonly cluster = Cluster.formed(3, { beside: 2 });
  #sequence = 0;
  #ack = 0;
  /** The last of everybody's, which it confirms. */
  readonly #joins = new Map<ProcessorId, number>();
  timestamp = 0;

  constructor() {
    const { cluster } = this;
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
});
