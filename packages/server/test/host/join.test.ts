import { describe, expect, test } from 'vitest';
import { clientIdOf } from '../names.ts';
import { textsOf } from './folding.ts';
import { Scene } from './scene.ts';

describe('a join is a block: nothing is in it and behind it, nothing in neither (C8)', () => {
  test('the state, then what follows it', () => {
    const scene = new Scene();
    const ann = scene.member('ann');
    ann.write('room', 'plan', 'a');
    ann.write('room', 'plan', 'b');
    scene.run();
    const bob = scene.member('bob');
    ann.write('room', 'plan', 'c');
    scene.run();
    expect(bob.kinds()).toEqual([
      'welcome',
      'transfer_begin',
      'transfer_objects',
      'transfer_end',
      'delivery',
    ]);
    const { members, created, gap } = bob.last('transfer_begin');
    expect(members.map(({ clientId }) => clientId)).toEqual(['ann', 'bob']);
    expect({ created, gap }).toEqual({ created: ann.last('transfer_begin').created, gap: false });
    expect(textsOf(bob.messages)).toEqual({ plan: 'abc' });
  });

  test('a slow joiner gets the state of the moment when its block is sent', () => {
    const scene = new Scene({ sendBufferBytes: 25 });
    const ann = scene.member('ann');
    const bob = scene.attach('bob');
    bob.forget();
    bob.reading = false;
    bob.fillBuffer();
    scene.run();
    bob.join('room');
    scene.run();
    for (const text of ['a', 'b', 'c']) ann.write('room', 'plan', text);
    scene.run();
    bob.reading = true;
    bob.readOn();
    scene.run();
    const begin = bob.last('transfer_begin');
    expect(begin.at.seq).toBe(scene.contents.head.seq);
    expect(bob.of('delivery')).toEqual([]);
    ann.write('room', 'plan', 'd');
    scene.run();
    expect(bob.of('delivery')).toHaveLength(1);
    expect(textsOf(bob.messages)).toEqual({ plan: 'abcd' });
  });

  test('what arrives while chunks are sent follows the block', () => {
    const scene = new Scene({ sendBufferBytes: 200, chunkBytes: 50 });
    const ann = scene.member('ann');
    for (let each = 0; each < 90; each += 1) ann.write('room', `object-${each % 7}`, `${each};`);
    scene.run();
    const bob = scene.attach('bob');
    bob.reading = false;
    bob.join('room');
    scene.run();
    ann.write('room', 'object-0', 'late;');
    scene.run();
    for (let frames = 0; frames < 100; frames += 1) {
      bob.readOn(1);
      scene.run();
    }
    expect(bob.kinds().slice(-2)).toEqual(['transfer_end', 'delivery']);
    expect(bob.of('transfer_objects').length).toBeGreaterThan(3);
    expect(textsOf(bob.messages)).toEqual(textsOf(ann.messages));
  });

  test('several groups are joined at one position, each with its block', () => {
    const scene = new Scene();
    const ann = scene.attach('ann');
    ann.joinAll('team/a', 'team/b');
    scene.run();
    expect(ann.of('transfer_begin').map(({ group }) => group)).toEqual(['team/a', 'team/b']);
    expect(ann.of('transfer_end')).toHaveLength(2);
    expect(ann.of('delivery')).toEqual([]);
  });

  test('a group that is deleted before the block is sent ends behind the block', () => {
    const scene = new Scene({ sendBufferBytes: 25, admins: new Set([clientIdOf('root')]) });
    const root = scene.member('root');
    root.write('room', 'plan', 'a');
    scene.run();
    const bob = scene.attach('bob');
    bob.forget();
    bob.reading = false;
    bob.fillBuffer();
    scene.run();
    bob.join('room');
    scene.run();
    root.submit('room', { kind: 'delete' });
    scene.run();
    scene.advance(1_000);
    bob.reading = true;
    bob.readOn();
    scene.run();
    expect(bob.kinds().filter((kind) => kind !== 'status')).toEqual([
      'transfer_begin',
      'transfer_end',
      'delivery',
    ]);
    expect(bob.last('delivery').events.map(({ kind }) => kind)).toContain('group_deleted');
    scene.advance(1_000);
    expect(scene.spaces()).toEqual([]);
  });
});

test('the state comes from memory, from the tail, or from rows, always the same (C6)', () => {
  const texts = [
    { groupContentBytes: 8_000_000 },
    { groupContentBytes: 0 },
    { groupContentBytes: 0, tailBytes: 0 },
    { groupContentBytes: 300, tailBytes: 300, chunkBytes: 40 },
  ].map((settings) => {
    const scene = new Scene(settings);
    const ann = scene.member('ann');
    for (let each = 0; each < 60; each += 1) {
      const update = each % 11 === 0 ? 'NEW' : 'INC';
      ann.write('room', `object-${each % 5}`, `${each};`, update);
      scene.advance(50);
    }
    scene.advance(1_000);
    return textsOf(scene.member('bob').messages);
  });
  expect(Object.keys(texts[0] ?? {})).toHaveLength(5);
  for (const text of texts) expect(text).toEqual(texts[0]);
});

test('a checkpoint replaces everything in memory as it does in the rows (C7)', () => {
  for (const tailBytes of [1_000_000, 0]) {
    const scene = new Scene({ tailBytes, admins: new Set([clientIdOf('ann')]) });
    const ann = scene.member('ann');
    ann.write('room', 'gone', 'x');
    ann.write('room', 'kept', 'y');
    ann.checkpoint('room', { kept: 'z', made: 'w' });
    scene.run();
    ann.write('room', 'kept', '!');
    scene.advance(1_000);
    expect(textsOf(scene.member('bob').messages)).toEqual({ kept: 'z!', made: 'w' });
    scene.restart();
    expect(textsOf(scene.member('cid').messages)).toEqual({ kept: 'z!', made: 'w' });
  }
});
