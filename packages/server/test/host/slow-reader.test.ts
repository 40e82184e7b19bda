import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

const payload = 'x'.repeat(200);

test('a reader that stalls holds a bounded amount, and the others are not affected', () => {
  const scene = new Scene({ sendBufferBytes: 1_000, tailBytes: 5_000, rowsBytes: 2_000 });
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  bob.reading = false;
  const cid = scene.member('cid');
  for (let each = 0; each < 500; each += 1) {
    ann.bcast('room', `${each} ${payload}`);
    scene.run();
    expect(cid.heard()).toHaveLength(each + 1);
  }
  expect(bob.unreadBytes).toBeLessThan(1_500);
  // What is not in the rows yet is in memory beside.
  expect(scene.host.memory().tails).toBeLessThan(5_000 + 2_500);
});

test('it catches up from the rows, then from memory, and misses nothing (C5)', () => {
  const scene = new Scene({ sendBufferBytes: 1_000, tailBytes: 5_000, pageBytes: 2_000 });
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  bob.reading = false;
  const sent: string[] = [];
  for (let each = 0; each < 300; each += 1) {
    sent.push(`${each} ${payload}`);
    ann.bcast('room', `${each} ${payload}`);
    scene.advance(10);
  }
  bob.reading = true;
  bob.readOn();
  scene.run();
  expect(bob.heard()).toEqual(sent);
  expect(scene.requests.some(({ kind }) => kind === 'read-rows')).toBe(true);
});

test('several groups are merged by position', () => {
  const scene = new Scene({ sendBufferBytes: 1_000, tailBytes: 3_000, pageBytes: 1_000 });
  const ann = scene.attach('ann');
  const bob = scene.attach('bob');
  const groups = ['a', 'b', 'c', 'd'];
  for (const group of groups) {
    ann.join(group);
    bob.join(group);
  }
  scene.run();
  bob.reading = false;
  const sent: string[] = [];
  for (let each = 0; each < 200; each += 1) {
    const group = groups[(each * 7) % 3] ?? 'd';
    sent.push(`${group}${each} ${payload}`);
    ann.bcast(group, `${group}${each} ${payload}`, each % 5 === 0);
    scene.advance(10);
  }
  bob.reading = true;
  bob.readOn();
  scene.run();
  expect(bob.heard()).toEqual(sent);
  const positions = bob.of('delivery').map(({ at }) => at.seq);
  expect(positions).toEqual([...positions].sort((one, other) => one - other));
});

test('a message of several groups reaches their member at one position, from rows, too', () => {
  const scene = new Scene({ sendBufferBytes: 100, tailBytes: 0 });
  const ann = scene.attach('ann');
  const bob = scene.attach('bob');
  ann.joinAll('team/a', 'team/b');
  bob.joinAll('team/a', 'team/b');
  scene.run();
  bob.forget();
  bob.reading = false;
  for (let each = 0; each < 20; each += 1) {
    ann.bcastAll(['team/a', 'team/b'], `${each}`);
    scene.advance(200);
  }
  for (let each = 0; each < 100; each += 1) {
    bob.readOn(1);
    scene.run();
  }
  const expected = Array.from({ length: 20 }, (_, each) => [`${each}`, `${each}`]).flat();
  expect(bob.heard()).toEqual(expected);
});

test('a session that takes nothing while something waits is ended, and can come back', () => {
  const scene = new Scene({ sendBufferBytes: 1_000, tooSlowMs: 60_000 });
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  bob.reading = false;
  for (let each = 0; each < 20; each += 1) ann.bcast('room', payload);
  scene.advance(59_000);
  expect(bob.closedWith).toBe(null);
  scene.advance(3_000);
  expect(bob.closedWith).toBe('TOO_SLOW');
  bob.reading = true;
  bob.readOn();
  expect(bob.last('goodbye').retryAfterMs).toBe(0);
  const again = scene.attach('bob');
  const last = bob.of('delivery').at(-1);
  if (last === undefined) throw new Error('nothing was delivered');
  again.join('room', { created: ann.last('transfer_begin').created, after: last.at });
  scene.run();
  expect(bob.heard().length + again.heard().length).toBe(20);
});

test('a reader is not ended for a disk that is slow', () => {
  const scene = new Scene({ sendBufferBytes: 1_000, tailBytes: 0, rowsBytes: 1, tooSlowMs: 1_000 });
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  bob.reading = false;
  for (let each = 0; each < 20; each += 1) {
    ann.bcast('room', payload);
    scene.run();
  }
  scene.advance(500);
  scene.journalHeld = true;
  bob.reading = true;
  bob.readOn();
  scene.advance(20_000);
  expect(scene.host.figures()).toMatchObject({ behind: 1, slowReaders: 0 });
  expect(bob.closedWith).toBe(null);
  scene.journalHeld = false;
  scene.run();
  expect(bob.heard()).toHaveLength(20);
});

test.each([1, 4])(
  'a slow reader that makes progress is not ended (%i bytes for each)',
  (expansion) => {
    const scene = new Scene({ sendBufferBytes: 500, tooSlowMs: 60_000 });
    const ann = scene.member('ann');
    const bob = scene.member('bob');
    bob.reading = false;
    bob.expansion = expansion;
    for (let each = 0; each < 100; each += 1) ann.bcast('room', payload);
    for (let minute = 0; minute < 20; minute += 1) {
      scene.advance(50_000);
      bob.readOn(1);
    }
    expect(bob.closedWith).toBe(null);
  },
);

test('who asks on without reading the answers is ended, too', () => {
  const scene = new Scene({ sendBufferBytes: 100, tooSlowMs: 60_000 });
  const ann = scene.attach('ann');
  ann.reading = false;
  for (let requestId = 0; requestId < 100; requestId += 1) ann.say({ kind: 'status', requestId });
  scene.advance(59_000);
  expect(ann.closedWith).toBe(null);
  expect(scene.host.figures()).toMatchObject({ slowReaders: 1 });
  scene.advance(3_000);
  expect(ann.closedWith).toBe('TOO_SLOW');
});
