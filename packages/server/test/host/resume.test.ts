import { describe, expect, test } from 'vitest';
import type { Participant } from './participant.ts';
import { Scene } from './scene.ts';

function where(participant: Participant) {
  const at = participant.of('delivery').at(-1)?.at ?? participant.last('transfer_end').at;
  return { created: participant.last('transfer_begin').created, after: at };
}

describe('who comes back gets exactly what it missed (C10)', () => {
  test.each([
    ['from memory', { tailBytes: 1_000_000 }],
    ['from rows', { tailBytes: 0, pageBytes: 100 }],
    ['from both', { tailBytes: 500, pageBytes: 100 }],
  ])('%s', (_, settings) => {
    const scene = new Scene(settings);
    const ann = scene.member('ann');
    const bob = scene.member('bob');
    bob.bcast('room', 'before');
    scene.run();
    const from = where(bob);
    bob.drop();
    for (let each = 0; each < 50; each += 1) {
      ann.bcast('room', `${each}`);
      ann.bcast('room/other', 'not for bob');
      scene.advance(20);
    }
    const again = scene.attach('bob');
    again.join('room', from);
    ann.bcast('room', 'after');
    scene.run();
    expect(again.kinds().slice(0, 2)).toEqual(['welcome', 'resume_begin']);
    expect(again.last('resume_begin')).toMatchObject({ ...from, mark: 1 });
    const expected = Array.from({ length: 50 }, (_none, each) => `${each}`);
    expect(again.heard()).toEqual([...expected, 'after']);
    expect(again.events().filter((kind) => kind !== 'bcast')).toEqual([
      'disconnected_member',
      'rejoined_member',
    ]);
  });

  test('after a restart, whether or not the rows were stored', () => {
    for (const rowsDelayMs of [0, 1_000_000]) {
      const scene = new Scene({ rowsDelayMs });
      const ann = scene.member('ann');
      const bob = scene.member('bob');
      scene.run();
      const from = where(bob);
      bob.drop();
      for (let each = 0; each < 30; each += 1) ann.bcast('room', `${each}`);
      scene.advance(10);
      scene.restart();
      const again = scene.attach('bob');
      again.join('room', from);
      scene.run();
      expect(again.heard()).toEqual(Array.from({ length: 30 }, (_none, each) => `${each}`));
    }
  });

  test('a block that was cut short is begun again from the new position', () => {
    const scene = new Scene({ sendBufferBytes: 200 });
    const ann = scene.member('ann');
    const bob = scene.member('bob');
    let from = where(bob);
    const created = from.created;
    bob.drop();
    for (let each = 0; each < 40; each += 1) ann.bcast('room', `message ${each}`);
    scene.run();
    const heard: string[] = [];
    for (let attempt = 0; attempt < 50 && heard.length < 40; attempt += 1) {
      const again = scene.attach('bob');
      again.forget();
      again.reading = false;
      again.join('room', from);
      scene.run();
      again.readOn();
      scene.run();
      again.readOn();
      const last = again.of('delivery').at(-1);
      if (last !== undefined) from = { created, after: last.at };
      heard.push(...again.heard());
      again.drop();
      scene.run();
    }
    expect(heard).toEqual(Array.from({ length: 40 }, (_none, each) => `message ${each}`));
  });
});

test('a position ahead of the log is refused, one of an unknown epoch, too', () => {
  const scene = new Scene();
  const ann = scene.attach('ann');
  const { epoch, seq } = scene.contents.head;
  ann.join('room', { created: 1, after: { epoch, seq: seq + 1 } });
  ann.join('room', { created: 1, after: { epoch: epoch + 1, seq } });
  scene.run();
  expect(ann.of('request_refused').map(({ requestId, code }) => [requestId, code])).toEqual([
    [1, 'UNKNOWN_POSITION'],
    [2, 'UNKNOWN_POSITION'],
  ]);
});

test('a position that was lost with a disk is answered with the state, and told as a gap', () => {
  const scene = new Scene();
  const ann = scene.member('ann');
  const { created, after } = where(ann);
  scene.restart();
  scene.restart();
  const again = scene.attach('ann');
  again.join('room', { created, after: { epoch: after.epoch, seq: after.seq + 1 } });
  scene.run();
  expect(again.last('transfer_begin').gap).toBe(true);
});
