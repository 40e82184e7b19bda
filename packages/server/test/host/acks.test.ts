import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

test('acks come in the order of positions, between the deliveries', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  ann.forget();
  ann.bcast('room', 'one', true);
  bob.bcast('room', 'two');
  ann.bcast('elsewhere', 'three');
  bob.bcast('room', 'four');
  ann.bcast('room', 'five');
  ann.bcast('room', 'six', true);
  scene.run();
  expect(ann.heard()).toEqual(['ack 1', 'two', 'ack 2', 'four', 'five', 'ack 4']);
  expect(bob.heard()).toEqual(['one', 'two', 'four', 'five', 'six']);
});

test('an own exclusive message is rendered as its ack also from rows and in a resume block', () => {
  const scene = new Scene({ tailBytes: 0 });
  const ann = scene.member('ann');
  const { at: after } = ann.last('transfer_end');
  const bob = scene.member('bob');
  ann.bcast('room', 'mine', true);
  bob.bcast('room', 'yours');
  scene.advance(1_000);
  ann.drop();
  const again = scene.attach('ann');
  again.join('room', { created: ann.last('transfer_begin').created, after });
  scene.run();
  expect(again.heard()).toEqual(['ack 1', 'yours']);
});

test('a delivery is its own ack, unless a block swallows it', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  ann.bcast('room', 'heard');
  scene.run();
  expect(ann.of('ack')).toEqual([]);
  // Joins and writes at once: the message may be in the block's state or behind it.
  const bob = scene.attach('bob');
  bob.join('room');
  bob.write('room', 'plan', 'x');
  scene.run();
  expect(bob.of('ack')).toHaveLength(1);
});

test('the outcome of a repeated submission is told again', () => {
  const scene = new Scene();
  const ann = scene.attach('ann');
  ann.bcast('room', 'once');
  scene.run();
  const [first] = ann.of('ack');
  ann.repeat();
  scene.run();
  expect(ann.of('ack')).toEqual([first, first]);
});

test('refusals at a position say where and why', () => {
  const scene = new Scene();
  const ann = scene.attach('ann');
  ann.write('room', 'plan', 'x');
  scene.run();
  const { code, at } = ann.last('refused');
  expect({ code, seq: at?.seq }).toEqual({ code: 'NOT_A_MEMBER', seq: scene.contents.head.seq });
});
