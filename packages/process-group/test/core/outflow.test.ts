/** What goes out while there is always more to say than there is room for. */
import { groupId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { decode } from '../../src/core/codec.ts';
import { type GroupCore, Outflow } from '../../src/core/index.ts';
import { Order, type OrderedMember } from './order.ts';

const bytes = new Uint8Array(10_000);

/** Says what there is room for, so many messages at a time, and never has nothing to say. */
class Talker {
  readonly #outflow: Outflow;
  readonly #member: OrderedMember;
  #room = 0;

  constructor(order: Order, member: OrderedMember) {
    this.#member = member;
    const trySend = (_: unknown, said: Uint8Array): 'queued' | 'full' => {
      if (this.#room === 0) return 'full';
      this.#room -= 1;
      order.multicast(member.id, said);
      return 'queued';
    };
    this.#outflow = new Outflow({ trySend }, groupId(7), () => {});
  }

  talk(): void {
    while (this.#outflow.waiting < 20) {
      const say = (core: GroupCore): void => core.multicast('talk', bytes, false);
      this.#outflow.queue({ say, said: () => {}, failed: () => {} });
    }
    this.#room = 10;
    this.#outflow.flush(this.#member.core);
  }
}

test('T3 a provider that always has something to say gives the state, T2 which is a small part of what it says', () => {
  const order = new Order();
  const ann = order.start('ann');
  order.settle();
  for (let n = 0; n < 20; n += 1) ann.multicast(`line ${n} of what was said before`);
  order.settle();
  const talker = new Talker(order, ann);
  const eve = order.start('eve');
  while (eve.hear());
  eve.say();
  while (ann.hear());
  const from = order.entries.length;
  for (let n = 0; n < 1_000 && !eve.hasState; n += 1) {
    talker.talk();
    while (ann.hear());
    while (eve.hear());
  }
  expect(eve.hasState).toBe(true);
  const said = order.entries.slice(from).map((entry) => {
    const message = entry.kind === 'message' ? decode(entry.bytes) : null;
    return message !== null && 'kind' in message ? message.kind : null;
  });
  const pieces = said.filter((kind) => kind === 'piece').length;
  expect(pieces).toBeGreaterThan(3);
  expect(said.filter((kind) => kind === 'multicast').length).toBeGreaterThan(pieces * 40);
});
