import { describe, expect, test } from 'vitest';
import { at, event, id, lockInfo, me, object, other, room, Stage, write } from './stage.ts';

function states(stage: Stage): readonly string[] {
  return stage.toldOf('lock').map(({ state }) => state);
}

/** Holds `doc` under the lock set 11. */
function holding(): Stage {
  const stage = new Stage().joined(10);
  stage.lock('doc');
  stage.deliver(11, event.granted(me, 1, 11, 'doc'));
  stage.said();
  stage.told();
  return stage;
}

function waiting(): Stage {
  const stage = new Stage().joined(10);
  stage.lock('doc');
  stage.hear({ kind: 'waiting', group: room, localId: id(1), at: at(11), holders: [] });
  stage.said();
  return stage;
}

describe('requested → held', () => {
  test('by the grant, which also settles the request', () => {
    const stage = new Stage().joined(10);
    const request = stage.lock('doc');
    stage.deliver(11, event.granted(me, 1, 11, 'doc'));
    const told = stage.told();
    expect(told.find((e) => e.kind === 'lock')).toMatchObject({
      request,
      lockSet: 11,
      state: 'held',
      objects: ['doc'],
    });
    expect(told.some((e) => e.kind === 'settled')).toBe(true);
  });

  test('denied, naming the holders', () => {
    const stage = new Stage().joined(10);
    stage.lock('doc', false);
    const holders = [{ object: object('doc'), clientId: other, waiting: false }];
    const refusal = { localId: id(1), at: at(11), code: 'LOCK_DENIED', message: '', holders };
    stage.hear({ kind: 'refused', group: room, ...refusal });
    const told = stage.told();
    expect(told.find((e) => e.kind === 'refused')).toMatchObject({ code: 'LOCK_DENIED', holders });
    expect(told.find((e) => e.kind === 'lock')).toMatchObject({ state: 'lost', cause: 'denied' });
  });

  test('writes carry the fence; to other objects none', () => {
    const stage = holding();
    stage.send(write('doc', 'a'), write('else', 'b'));
    expect(stage.saidOf('submit')).toMatchObject([
      { body: { parts: [{ fence: 11 }, { fence: 0 }] } },
    ]);
  });

  test('writes behind the release carry none', () => {
    const stage = holding();
    stage.do({ kind: 'release', group: room, lockSet: 11 as never, objects: [] });
    stage.send(write('doc', 'a'));
    const parts = stage.saidOf('submit').at(-1)?.body;
    expect(parts).toMatchObject({ parts: [{ fence: 0 }] });
  });
});

describe('requested → waiting → held', () => {
  test('the grant arrives as an event, long after the request was settled', () => {
    const stage = waiting();
    expect(stage.session.pending).toBe(0);
    stage.deliver(20, event.granted(me, 1, 20, 'doc'));
    expect(states(stage)).toEqual(['waiting', 'held']);
  });

  test('the wait ends', () => {
    const stage = waiting();
    stage.refuse(1, 'WAIT_ENDED', 20);
    expect(stage.toldOf('lock').at(-1)).toMatchObject({ state: 'lost', cause: 'wait_ended' });
  });

  test('granted while away: the resume block says so', () => {
    const stage = waiting().cut().connect();
    stage.resume(30, { 20: [event.granted(me, 1, 20, 'doc')] }, 1);
    expect(states(stage)).toEqual(['waiting', 'held']);
  });

  test('what became of it is asked again under its own local id', () => {
    const stage = waiting().cut().connect().resume(30, {}, 1);
    expect(stage.submitted()).toEqual([[1, 0]]);
    stage.refuse(1, 'WAIT_ENDED', 20);
    const told = stage.told();
    expect(told.filter(({ kind }) => kind === 'refused')).toEqual([]);
    expect(told.at(-1)).toMatchObject({ kind: 'lock', state: 'lost', cause: 'wait_ended' });
  });

  test('… and still waits', () => {
    const stage = waiting().cut().connect().resume(30, {}, 1);
    stage.hear({ kind: 'waiting', group: room, localId: id(1), at: at(11), holders: [] });
    expect(stage.session.pending).toBe(0);
    stage.deliver(40, event.granted(me, 1, 40, 'doc'));
    expect(states(stage)).toEqual(['waiting', 'held']);
  });

  test('granted while away with a gap: the state says so', () => {
    const stage = waiting().cut().connect();
    stage.transfer(30, { gap: true, mark: 1, locks: [lockInfo(me, 1, 20, 'doc')] });
    expect(stage.submitted()).toEqual([]);
    const held = stage.toldOf('lock').at(-1);
    expect(held).toMatchObject({ request: 1, lockSet: 20, state: 'held' });
    stage.send(write('doc', 'a'));
    expect(stage.saidOf('submit').at(-1)?.body).toMatchObject({ parts: [{ fence: 20 }] });
  });

  test('granted and lost while away with a gap', () => {
    const stage = waiting().cut().connect().transfer(30, { gap: true, mark: 1 });
    stage.ack(1, 20);
    expect(stage.toldOf('lock').at(-1)).toMatchObject({ state: 'lost', cause: 'gone' });
  });
});

describe('a request that is cancelled', () => {
  test('while it waits', () => {
    const stage = waiting();
    stage.do({ kind: 'cancel', group: room, request: id(1) });
    expect(stage.saidOf('submit')).toMatchObject([{ body: { kind: 'lock_cancel', request: 1 } }]);
    stage.refuse(1, 'WAIT_ENDED', 20);
    stage.ack(2, 20);
    expect(states(stage)).toEqual(['waiting', 'lost']);
    expect(stage.submitted()).toEqual([]);
  });

  test('too late: what was granted is given back', () => {
    const stage = waiting();
    stage.do({ kind: 'cancel', group: room, request: id(1) });
    stage.said();
    stage.deliver(20, event.granted(me, 1, 20, 'doc'));
    expect(stage.saidOf('submit')).toMatchObject([{ body: { kind: 'lock_release', lockSet: 20 } }]);
    expect(stage.toldOf('given_back')).toMatchObject([{ lockSet: 20, localId: 3 }]);
  });
});

describe('held → released', () => {
  test('in part, then whole', () => {
    const stage = new Stage().joined(10);
    stage.lock('a');
    stage.deliver(11, event.granted(me, 1, 11, 'a', 'b'));
    stage.told();
    stage.deliver(12, event.released(me, 11, ['a'], { whole: false }));
    expect(stage.toldOf('lock')).toMatchObject([{ state: 'held', objects: ['b'] }]);
    stage.deliver(13, event.released(me, 11, ['b']));
    expect(stage.toldOf('lock')).toMatchObject([{ state: 'released', objects: [] }]);
  });

  test('with the membership', () => {
    const stage = holding();
    stage.ack(stage.leave(), 12);
    expect(stage.toldOf('lock')).toMatchObject([{ state: 'released', cause: 'left' }]);
  });
});

describe('held → lost', () => {
  test('broken by another, who says why', () => {
    const stage = holding();
    const how = { cause: 'broken', by: other, reason: 'stale' } as const;
    stage.deliver(12, event.released(me, 11, ['doc'], how));
    const [lost] = stage.toldOf('lock');
    expect(lost).toMatchObject({ state: 'lost', cause: 'broken', by: other, reason: 'stale' });
  });

  test('with the group', () => {
    const stage = holding();
    stage.deliver(12, { kind: 'group_deleted', senderId: other, localId: id(5) });
    expect(stage.toldOf('lock')).toMatchObject([{ state: 'lost', cause: 'gone' }]);
  });
});

describe('while the connection is gone', () => {
  test('unconfirmed since the last message from the server', () => {
    const stage = holding();
    stage.pass(500).hear({ kind: 'pong', nonce: 0 });
    stage.pass(500).cut();
    expect(stage.toldOf('lock')).toMatchObject([{ state: 'unconfirmed', since: 500 }]);
  });

  test('held again at the end of the block', () => {
    const stage = holding().cut().connect();
    stage.told();
    stage.resumeBegin(20);
    expect(states(stage)).toEqual([]);
    stage.resumeEnd(20);
    expect(states(stage)).toEqual(['held']);
  });

  test('K6: writes made meanwhile keep its fence', () => {
    const stage = holding().cut();
    stage.send(write('doc', 'a'));
    stage.connect().resume(20, {}, 1);
    expect(stage.saidOf('submit')).toMatchObject([{ body: { parts: [{ fence: 11 }] } }]);
  });

  test('lost when its grace ran out', () => {
    const stage = holding().cut().connect();
    stage.told();
    stage.resume(20, { 15: [event.expired(me, 11, 'doc')] }, 1);
    expect(stage.toldOf('lock')).toMatchObject([{ state: 'lost', cause: 'grace_expired' }]);
  });

  test('lost when a state with a gap does not show it', () => {
    const stage = holding().cut().connect();
    stage.told();
    stage.transfer(20, { gap: true });
    expect(stage.toldOf('lock')).toMatchObject([{ state: 'lost', cause: 'gone' }]);
  });

  test('held when a state with a gap shows it, with what is left of it', () => {
    const stage = new Stage().joined(10);
    stage.lock('a');
    stage
      .deliver(11, event.granted(me, 1, 11, 'a', 'b'))
      .cut()
      .connect();
    stage.told();
    stage.transfer(20, { gap: true, locks: [lockInfo(me, 1, 11, 'b')] });
    expect(stage.toldOf('lock')).toMatchObject([{ state: 'held', objects: ['b'] }]);
  });

  test('one that an earlier process asked for is told, too', () => {
    const stage = new Stage().connect().join();
    stage.transfer(20, { locks: [lockInfo(me, 7, 11, 'doc'), lockInfo(other, 3, 12, 'else')] });
    expect(stage.toldOf('lock')).toMatchObject([{ request: 7, lockSet: 11, state: 'held' }]);
  });

  test('granted unseen: the acknowledgement names the position of the grant', () => {
    const stage = new Stage().joined(10);
    stage.lock('doc');
    stage.cut().connect();
    stage.transfer(30, { gap: true, mark: 1, locks: [lockInfo(me, 1, 20, 'doc')] });
    expect(states(stage)).toEqual(['held']);
    stage.ack(1, 20);
    expect(stage.session.pending).toBe(0);
    expect(states(stage)).toEqual([]);
  });
});
