import { expect, test } from 'vitest';
import { clientIdOf } from '../names.ts';
import { Scene } from './scene.ts';

test('a watcher of everything gets deliveries as members do, without joining', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const eve = scene.attach('eve');
  eve.forget();
  eve.watch('room', 'everything');
  scene.run();
  ann.bcast('room', 'hello');
  scene.run();
  expect(eve.kinds()).toEqual(['transfer_begin', 'transfer_end', 'delivery']);
  expect(eve.last('transfer_begin')).toMatchObject({ purpose: 'watch', created: 1 });
  expect(eve.heard()).toEqual(['hello']);
  expect(ann.events()).toEqual(['bcast']);
});

test('a watcher of members gets membership events only, from rows, too', () => {
  for (const tailBytes of [1_000_000, 0]) {
    const scene = new Scene({ tailBytes, sendBufferBytes: 25 });
    const ann = scene.member('ann');
    const eve = scene.attach('eve');
    eve.watch('room', 'members');
    scene.run();
    eve.reading = false;
    eve.fillBuffer();
    scene.run();
    for (let each = 0; each < 5; each += 1) ann.bcast('room', 'not for eve');
    const bob = scene.member('bob');
    scene.advance(1_000);
    bob.submit('room', { kind: 'leave' });
    scene.advance(1_000);
    eve.reading = true;
    eve.readOn();
    scene.run();
    expect(eve.events()).toEqual(['new_member', 'non_member']);
  }
});

test('a watch from a position gets what came since; from the origin, the whole log', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  ann.bcast('room', 'one');
  scene.run();
  const after = ann.last('delivery').at;
  const { created } = ann.last('transfer_begin');
  ann.bcast('room', 'two');
  scene.run();
  const eve = scene.attach('eve');
  eve.watch('room', 'everything', { created, after });
  scene.run();
  expect(eve.heard()).toEqual(['two']);
  expect(eve.last('resume_begin').after).toEqual(after);
  const max = scene.attach('max');
  max.watch('room', 'everything', { created: 0, after: { epoch: 0, seq: 0 } });
  scene.run();
  expect(max.heard()).toEqual(['one', 'two']);
  expect(max.events()[0]).toBe('new_member');
});

test('a watch of a group that does not exist begins when it is created, and again after its end', () => {
  const scene = new Scene({ admins: new Set([clientIdOf('ann')]) });
  const eve = scene.attach('eve');
  eve.watch('room', 'everything');
  scene.run();
  expect(eve.last('transfer_begin')).toMatchObject({ created: 0, members: [] });
  const ann = scene.member('ann');
  ann.submit('room', { kind: 'delete' });
  ann.bcast('room', 'anew');
  scene.run();
  expect(eve.events()).toEqual(['new_member', 'group_deleted', 'bcast']);
});

test('unwatch ends it', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const eve = scene.attach('eve');
  eve.watch('room', 'everything');
  eve.unwatch('room');
  scene.run();
  ann.bcast('room', 'unheard');
  scene.run();
  expect(eve.heard()).toEqual([]);
});

test('a member that also watches gets each delivery once', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  ann.watch('room', 'members');
  scene.run();
  ann.bcast('room', 'once');
  scene.run();
  expect(ann.heard()).toEqual(['once']);
  ann.submit('room', { kind: 'leave' });
  scene.run();
  scene.member('bob').bcast('room', 'unheard');
  scene.run();
  expect(ann.heard()).toEqual(['once', 'ack 2']);
  expect(ann.events().at(-1)).toBe('new_member');
});

test('a state is read without membership, whole or by object', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  for (const object of ['a', 'b', 'c']) ann.write('room', object, `${object}!`);
  scene.run();
  const eve = scene.attach('eve');
  eve.read('room');
  eve.read('room', 'b', 'missing');
  eve.read('nowhere');
  scene.run();
  expect(eve.of('transfer_begin').map(({ purpose, created }) => [purpose, created > 0])).toEqual([
    ['read', true],
    ['read', true],
    ['read', false],
  ]);
  expect(eve.of('transfer_objects').map(({ updates }) => updates.length)).toEqual([3, 1]);
  ann.bcast('room', 'unheard');
  scene.run();
  expect(eve.heard()).toEqual([]);
});

test('watches of one session are limited', () => {
  const scene = new Scene({ watchesMax: 2 });
  const eve = scene.attach('eve');
  for (const group of ['a', 'b', 'c']) {
    eve.watch(group, 'members');
    scene.run();
  }
  expect(eve.last('request_refused')).toMatchObject({ requestId: 3, code: 'LIMIT' });
});
