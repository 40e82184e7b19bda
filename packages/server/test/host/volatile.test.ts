import { expect, test } from 'vitest';
import { nameOf } from '../names.ts';
import { Scene } from './scene.ts';

const room = nameOf('room');
const cursor = new Uint8Array([1]);

test('a volatile message goes to the other members and is not logged', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  const eve = scene.attach('eve');
  const { seq } = scene.contents.head;
  ann.say({ kind: 'volatile', group: room, data: cursor });
  scene.run();
  expect(bob.last('volatile')).toMatchObject({ senderId: 'ann', data: cursor });
  expect([ann.of('volatile'), eve.of('volatile')]).toEqual([[], []]);
  expect(scene.contents.head.seq).toBe(seq);
});

test('it never comes before the delivery that it was sent after', () => {
  const scene = new Scene({ sendBufferBytes: 200 });
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  bob.reading = false;
  for (let each = 0; each < 4; each += 1) ann.bcast('room', `${each} ${'x'.repeat(60)}`);
  scene.run();
  // It has room for the volatile message, but not for all that comes before.
  bob.readOn(1);
  ann.say({ kind: 'volatile', group: room, data: cursor });
  for (let each = 0; each < 10; each += 1) {
    scene.run();
    bob.readOn(1);
  }
  const kinds = bob.kinds().filter((kind) => kind === 'delivery' || kind === 'volatile');
  expect(kinds).toEqual(['delivery', 'delivery', 'delivery', 'delivery', 'volatile']);
  expect(bob.last('volatile').after).toBe(bob.last('delivery').at.seq);
});

test('who has no room does without, and what waits is bounded: the oldest goes', () => {
  const scene = new Scene({ sendBufferBytes: 300, volatilesMax: 3 });
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  bob.reading = false;
  for (let each = 0; each < 3; each += 1) ann.bcast('room', 'x'.repeat(200));
  scene.run();
  ann.say({ kind: 'volatile', group: room, data: new Uint8Array([99]) });
  scene.run();
  bob.readOn();
  for (let each = 0; each < 9; each += 1) {
    ann.say({ kind: 'volatile', group: room, data: new Uint8Array([each]) });
  }
  for (let each = 0; each < 10; each += 1) {
    scene.run();
    bob.readOn();
  }
  expect(bob.of('volatile').map(({ data }) => data[0])).toEqual([6, 7, 8]);
});
