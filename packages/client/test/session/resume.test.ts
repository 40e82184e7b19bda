/** The rejoin of the paper (§7.2), rule by rule. */
import { describe, expect, test } from 'vitest';
import { at, bcast, event, group, me, object, other, room, Stage, write } from './stage.ts';

/** A member of `room` that was at 10, has written while offline, and is asked back in. */
function away(work: (stage: Stage) => void): Stage {
  const stage = new Stage().joined(10).cut();
  work(stage);
  stage.told();
  stage.connect();
  stage.told();
  return stage;
}

function withdrawn(stage: Stage): readonly (readonly [localId: number, why: string])[] {
  return stage.toldOf('withdrawn').map(({ localId, why }) => [localId, why]);
}

describe('asking', () => {
  test('with the group and the position of the last thing received', () => {
    const stage = new Stage().joined(10).deliver(12, event.bcast(other, 1)).cut().connect();
    expect(stage.saidOf('join')).toMatchObject([
      { groups: [{ group: room, name: 'Me', created: 1, after: at(12) }] },
    ]);
  });

  test('the end of a block counts as received', () => {
    const stage = new Stage().joined(10).cut().connect().resume(20);
    stage.cut().said();
    stage.connect();
    expect(stage.saidOf('join')).toMatchObject([{ groups: [{ after: at(20) }] }]);
  });

  test('the acknowledgement of a sender-exclusive message stands in its place', () => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a', true));
    stage.ack(1, 11).cut().said();
    stage.connect();
    expect(stage.saidOf('join')).toMatchObject([{ groups: [{ after: at(11) }] }]);
  });

  test('… that of anything else does not: a delivery of the same position may follow it', () => {
    const stage = new Stage().joined(10);
    stage.do({ kind: 'properties', group: room, properties: [] });
    stage.ack(1, 11).cut().said();
    stage.connect();
    expect(stage.saidOf('join')).toMatchObject([{ groups: [{ after: at(10) }] }]);
  });
});

describe('nothing is sent before the block has ended', () => {
  test('what is pending waits for it', () => {
    const stage = away((s) => s.send(bcast('a')));
    expect(stage.submitted()).toEqual([]);
    stage.resumeBegin(20);
    stage.deliver(15, event.bcast(other, 1));
    expect(stage.submitted()).toEqual([]);
    stage.resumeEnd(20);
    expect(stage.submitted()).toEqual([[1, 0]]);
  });

  test('a message with parts in two wanted groups waits for both blocks', () => {
    const [one, two] = [group('team/one'), group('team/two')];
    const stage = new Stage().connect().join(one, two);
    stage.send(bcast('a', false, one), bcast('b', false, two));
    const requestId = stage.saidOf('join')[0]?.requestId ?? 0;
    const state = { stateful: true, absenceMs: 1, properties: [], members: [], locks: [] };
    for (const name of [one, two]) {
      expect(stage.submitted()).toEqual([]);
      const block = { requestId, group: name, at: at(10) };
      const begin = {
        ...block,
        purpose: 'join',
        created: 1,
        gap: false,
        mark: 0,
        ...state,
      } as const;
      stage.hear({ kind: 'transfer_begin', ...begin }, { kind: 'transfer_end', ...block });
    }
    expect(stage.submitted()).toEqual([[1, 0]]);
  });
});

describe('rule 1: an own event settles', () => {
  test('and counts as a duplicate; the rest is sent again', () => {
    const stage = away((s) => {
      s.send(write('doc', 'a'));
      s.send(bcast('b'));
    });
    stage.resume(20, { 15: [event.write(me, 1, 'doc')] }, 1);
    expect(stage.toldOf('rejoined')).toMatchObject([
      { delivered: 1, duplicates: 1, resent: 1, conflicts: [], discarded: [], gap: false },
    ]);
    expect(stage.submitted()).toEqual([[2, 1]]);
  });
});

describe('rule 2: a lock that changed hands', () => {
  test('granted to another: what touches its object conflicts, the rest is discarded', () => {
    const stage = away((s) => {
      s.send(bcast('a'));
      s.send(write('doc', 'b'));
      s.send(write('other', 'c'));
    });
    stage.resume(20, { 15: [event.granted(other, 1, 15, 'doc')] });
    const told = stage.told();
    expect(told.flatMap((e) => (e.kind === 'withdrawn' ? [[e.localId, e.why]] : []))).toEqual([
      [2, 'conflict'],
      [1, 'discarded'],
      [3, 'discarded'],
    ]);
    const rejoined = told.find((e) => e.kind === 'rejoined');
    expect(rejoined).toMatchObject({
      conflicts: [{ localId: 2, group: room, body: { kind: 'message' } }],
      discarded: [{ localId: 1 }, { localId: 3 }],
      resent: 0,
    });
    expect(told.findIndex((e) => e.kind === 'reset')).toBeGreaterThan(
      told.findIndex((e) => e.kind === 'rejoined'),
    );
    expect(stage.submitted()).toEqual([]);
    expect(stage.session.pending).toBe(0);
  });

  test('released by another', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    stage.resume(20, { 15: [event.released(other, 5, ['doc'])] });
    expect(withdrawn(stage)).toEqual([[1, 'conflict']]);
  });

  test('the own lock whose grace ran out', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    stage.resume(20, { 15: [event.expired(me, 5, 'doc')] });
    expect(withdrawn(stage)).toEqual([[1, 'conflict']]);
  });

  test('the own lock that another broke', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    const broken = event.released(me, 5, ['doc'], { cause: 'broken', by: other, reason: 'stale' });
    stage.resume(20, { 15: [broken] });
    expect(withdrawn(stage)).toEqual([[1, 'conflict']]);
  });

  test('a lock that this client itself broke: a break counts as by another for everybody', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    const broken = event.released(other, 5, ['doc'], { cause: 'broken', by: me });
    stage.resume(20, { 15: [broken] });
    expect(withdrawn(stage)).toEqual([[1, 'conflict']]);
  });

  test('one part of several is enough', () => {
    const stage = away((s) => s.send(write('a', '1'), write('doc', '1')));
    stage.resume(20, { 15: [event.granted(other, 1, 15, 'doc')] });
    expect(withdrawn(stage)).toEqual([[1, 'conflict']]);
  });

  test.each([
    ['the own grant', event.granted(me, 9, 15, 'doc')],
    ['the own release', event.released(me, 5, ['doc'])],
    ['the lock of an object that was not written', event.granted(other, 1, 15, 'else')],
    ['a write by another', event.write(other, 1, 'doc')],
  ])('no false reset: %s', (_, missed) => {
    const stage = away((s) => s.send(write('doc', 'a')));
    stage.resume(20, { 15: [missed] });
    expect(withdrawn(stage)).toEqual([]);
    expect(stage.submitted()).toEqual([[1, 0]]);
  });

  test('no false reset: a write that turns out to have taken effect before', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    stage.resume(20, {
      15: [event.granted(other, 1, 15, 'doc')],
      14: [event.write(me, 1, 'doc')],
    });
    expect(withdrawn(stage)).toEqual([]);
  });

  test('no false reset: a write made in the block, knowing of the change', () => {
    const stage = away(() => {});
    stage.resumeBegin(20);
    stage.deliver(15, event.granted(other, 1, 15, 'doc'));
    stage.deliver(16, event.released(other, 15, ['doc']));
    stage.send(write('doc', 'a'));
    stage.resumeEnd(20);
    expect(withdrawn(stage)).toEqual([]);
    expect(stage.saidOf('submit')).toMatchObject([{ body: { parts: [{ base: 16 }] } }]);
  });

  test('releases and the like are not messages: they stay in the chain', () => {
    const stage = away((s) => {
      s.send(write('doc', 'a'));
      s.do({ kind: 'release', group: room, lockSet: 5 as never, objects: [] });
      s.send(bcast('b'));
    });
    stage.resume(20, { 15: [event.granted(other, 1, 15, 'doc')] }, 0);
    expect(withdrawn(stage)).toEqual([
      [1, 'conflict'],
      [3, 'discarded'],
    ]);
    expect(stage.submitted()).toEqual([[2, 0]]);
  });

  test('E5: what the server has decided is asked for, not withdrawn', () => {
    const stage = away((s) => {
      s.send(write('doc', 'a'));
      s.send(write('doc', 'b'));
    });
    stage.resume(20, { 15: [event.granted(other, 1, 15, 'doc')] }, 1);
    expect(withdrawn(stage)).toEqual([[2, 'conflict']]);
    expect(stage.submitted()).toEqual([[1, 0]]);
    stage.refuse(1, 'LOCKED', 8);
    stage.send(bcast('c'));
    expect(stage.submitted()).toEqual([[3, 1]]);
  });
});

describe('rule 3: a checkpoint by another', () => {
  test('discards what was written before it was known', () => {
    const stage = away((s) => {
      s.send(bcast('a'));
      s.send(write('doc', 'b'));
    });
    stage.resumeBegin(20);
    stage.deliver(15, event.checkpoint(other, 1, ['doc']));
    stage.send(bcast('c'));
    stage.resumeEnd(20);
    expect(withdrawn(stage)).toEqual([
      [1, 'discarded'],
      [2, 'discarded'],
    ]);
    expect(stage.submitted()).toEqual([[3, 0]]);
  });

  test('keeps what took effect, be it found behind the checkpoint', () => {
    const stage = away((s) => s.send(bcast('a')));
    stage.resume(20, { 15: [event.checkpoint(other, 1)], 16: [event.bcast(me, 1)] });
    const told = stage.told();
    expect(told.filter(({ kind }) => kind === 'settled')).toHaveLength(1);
    expect(told.filter(({ kind }) => kind === 'reset' || kind === 'withdrawn')).toEqual([]);
  });

  test('an own checkpoint discards nothing', () => {
    const stage = away((s) => s.send(bcast('a')));
    stage.resume(20, { 15: [event.checkpoint(me, 9)] });
    expect(withdrawn(stage)).toEqual([]);
  });
});

describe('E3: what was missed is delivered as it comes', () => {
  test('in order, marked as missed, also when it conflicts', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    stage.resume(20, {
      15: [event.granted(other, 1, 15, 'doc')],
      16: [event.write(other, 2, 'doc')],
    });
    expect(stage.toldOf('message')).toMatchObject([
      { at: at(15), missed: true, own: false },
      { at: at(16), missed: true, own: false },
    ]);
    stage.deliver(21, event.bcast(other, 3));
    expect(stage.toldOf('message')).toMatchObject([{ at: at(21), missed: false }]);
  });

  test('E4: the copy is the fold of what was received, not of what is pending', () => {
    const stage = away((s) => s.send(write('doc', 'mine')));
    stage.resume(20, { 15: [event.write(other, 2, 'doc')] });
    const updates = stage.session.group(room)?.copy?.objects.get(object('doc'));
    expect(updates?.map((update) => update.at)).toEqual([15]);
  });
});

describe('a block that is cut short', () => {
  test('the next one starts behind what came', () => {
    const stage = away(() => {});
    stage.resumeBegin(20).deliver(15, event.bcast(other, 1)).cut().said();
    stage.connect();
    expect(stage.saidOf('join')).toMatchObject([{ groups: [{ after: at(15) }] }]);
  });

  test('a conflict seen in it is not forgotten', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    stage
      .resumeBegin(20)
      .deliver(15, event.granted(other, 1, 15, 'doc'))
      .cut()
      .connect();
    expect(withdrawn(stage)).toEqual([]);
    stage.resume(30);
    expect(withdrawn(stage)).toEqual([[1, 'conflict']]);
  });

  test('a checkpoint seen in it is not forgotten', () => {
    const stage = away((s) => s.send(bcast('a')));
    stage.resumeBegin(20).deliver(15, event.checkpoint(other, 1)).cut();
    stage.send(bcast('b'));
    stage.connect();
    stage.told();
    stage.resume(30);
    expect(withdrawn(stage)).toEqual([[1, 'discarded']]);
  });

  test('what is written between the two knows of the change: no false reset', () => {
    const stage = away(() => {});
    stage
      .resumeBegin(20)
      .deliver(15, event.granted(other, 1, 15, 'doc'))
      .cut();
    stage.send(write('doc', 'a'));
    stage.connect().resume(30);
    expect(withdrawn(stage)).toEqual([]);
  });

  test('the report counts both', () => {
    const stage = away((s) => s.send(bcast('a')));
    stage.resumeBegin(20).deliver(15, event.bcast(other, 1), event.bcast(me, 1)).cut().connect();
    stage.resume(30, { 25: [event.bcast(other, 2)] });
    expect(stage.toldOf('rejoined')).toMatchObject([{ delivered: 2, duplicates: 1 }]);
  });

  test('what it brought is not brought again by the block after the next', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    stage.resume(20).cut();
    stage.connect().resume(30, { 25: [event.granted(other, 1, 25, 'else')] });
    expect(stage.toldOf('rejoined').at(-1)).toMatchObject({ delivered: 1, conflicts: [] });
  });
});

describe('transfer', () => {
  test('replaces the copy whole, and says so', () => {
    const stage = new Stage()
      .joined(10)
      .deliver(11, event.write(other, 1, 'old'))
      .cut()
      .connect();
    stage.told();
    const update = {
      object: object('new'),
      update: 'NEW',
      at: 30,
      data: new Uint8Array(1),
    } as const;
    stage.transfer(40, { gap: true, updates: [update] });
    expect(stage.toldOf('rejoined')).toMatchObject([{ gap: true, delivered: 0 }]);
    const objects = stage.session.group(room)?.copy?.objects;
    expect([...(objects?.all.keys() ?? [])]).toEqual(['new']);
  });

  test('what is pending is sent again: the server judges it', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    stage.transfer(40, { gap: true });
    const [submit] = stage.saidOf('submit');
    expect(submit?.body).toMatchObject({ parts: [{ base: 10 }] });
  });

  test('a conflict seen in a block before it is the server’s to find', () => {
    const stage = away((s) => s.send(write('doc', 'a')));
    stage
      .resumeBegin(20)
      .deliver(15, event.granted(other, 1, 15, 'doc'))
      .cut()
      .connect();
    stage.transfer(40, { gap: true });
    expect(withdrawn(stage)).toEqual([]);
    stage.cut().connect().resume(50);
    expect(withdrawn(stage)).toEqual([]);
  });

  test('one that is cut short leaves the copy as it was', () => {
    const stage = new Stage()
      .joined(10)
      .deliver(11, event.write(other, 1, 'old'))
      .cut()
      .connect();
    stage.transferBegin(40, { gap: true }).cut();
    expect(stage.session.group(room)?.copy?.objects.get(object('old'))).toHaveLength(1);
    stage.said();
    stage.connect();
    expect(stage.saidOf('join')).toMatchObject([{ groups: [{ after: at(11) }] }]);
  });

  test('of a group that was made again: what is asked for later names the new one', () => {
    const stage = away(() => {});
    stage.transfer(40, { created: 30, gap: true }).cut().said();
    stage.connect();
    expect(stage.saidOf('join')).toMatchObject([{ groups: [{ created: 30, after: at(40) }] }]);
  });
});

describe('base', () => {
  test('is the last delivery that was handed over when it was written', () => {
    const stage = new Stage().joined(10).deliver(12, event.bcast(other, 1));
    stage.send(write('doc', 'a'));
    stage.deliver(13, event.bcast(other, 2));
    expect(stage.saidOf('submit')).toMatchObject([{ body: { parts: [{ base: 12, fence: 0 }] } }]);
  });

  test('of what is written before the first block is the position of that block, and stored so', () => {
    const stage = new Stage().connect().join();
    stage.send(write('doc', 'a'), bcast('b'));
    stage.transfer(10);
    expect(stage.saidOf('submit')).toMatchObject([{ body: { parts: [{ base: 10 }, {}] } }]);
    const stored = stage.effects.flatMap((e) => (e.kind === 'store' ? [e.record] : []));
    expect(stored).toMatchObject([
      { unbased: [room], body: { parts: [{ base: 0 }, {}] } },
      { unbased: [], body: { parts: [{ base: 10 }, {}] } },
    ]);
  });

  test('stays the same when the submission is sent again', () => {
    const stage = new Stage().joined(10);
    stage.send(write('doc', 'a'));
    const [first] = stage.saidOf('submit');
    stage.cut().connect().resume(20);
    expect(stage.saidOf('submit')).toEqual([first]);
  });
});
