import { describe, expect, test } from 'vitest';
import { at, bcast, event, group, me, other, room, Stage, write } from './stage.ts';

const state = { stateful: true, absenceMs: 1, properties: [], members: [], locks: [] };

describe('join', () => {
  test('a first join is answered by the state', () => {
    const stage = new Stage().connect().join();
    expect(stage.saidOf('join')).toMatchObject([
      { groups: [{ group: room, name: 'Me', created: 0 }] },
    ]);
    stage.told();
    stage.transfer(10);
    expect(stage.told()).toEqual([
      {
        kind: 'joined',
        group: room,
        scope: 'member',
        how: 'transfer',
        at: at(10),
        created: 1,
        gap: false,
      },
    ]);
  });

  test('every wanted group is joined on each connection, related ones in one request', () => {
    const stage = new Stage().join(group('a/x'), group('b'), group('a/y'));
    stage.connect();
    const names = stage.saidOf('join').map(({ groups }) => groups.map((each) => each.group));
    expect(names).toEqual([['a/x', 'a/y'], ['b']]);
  });

  test('wanting it twice asks once', () => {
    const stage = new Stage().connect().join().join();
    expect(stage.saidOf('join')).toHaveLength(1);
  });

  test('a member that was renamed comes back under the new name', () => {
    const stage = new Stage().joined(10);
    const name = 'New';
    stage.do({ kind: 'rename', group: room, name });
    stage.deliver(11, { kind: 'renamed_member', clientId: me, localId: 1 as never, name });
    stage.cut().said();
    stage.connect();
    expect(stage.saidOf('join')).toMatchObject([{ groups: [{ name }] }]);
  });

  test('writing needs membership', () => {
    const result = new Stage().connect().do({ kind: 'send', parts: [write('doc', 'a')] });
    expect(result).toEqual({ kind: 'refused', code: 'NOT_A_MEMBER' });
  });

  test('a message to a group that is not wanted is sent after the welcome', () => {
    const stage = new Stage();
    stage.send(bcast('a'));
    stage.connect();
    expect(stage.submitted()).toEqual([[1, 0]]);
  });
});

describe('a join that is refused', () => {
  function refuse(stage: Stage, code: string): void {
    const requestId = stage.saidOf('join').at(-1)?.requestId ?? 0;
    stage.hear({ kind: 'request_refused', requestId, code, message: 'no' });
  }

  test('is given up, and what waited for it is sent', () => {
    const stage = new Stage().connect().join();
    stage.send(bcast('a'));
    refuse(stage, 'FORBIDDEN');
    expect(stage.toldOf('join_refused')).toMatchObject([{ groups: [room], retrying: false }]);
    expect(stage.submitted()).toEqual([[1, 0]]);
    stage.cut().connect();
    expect(stage.saidOf('join')).toEqual([]);
  });

  test('NOT_WRITABLE: is tried again after a while', () => {
    const stage = new Stage().connect().join();
    refuse(stage, 'NOT_WRITABLE');
    expect(stage.toldOf('join_refused')).toMatchObject([{ retrying: true }]);
    expect(stage.saidOf('join')).toEqual([]);
    stage.pass(250);
    expect(stage.saidOf('join')).toHaveLength(1);
  });

  test('one of several refuses all: each is tried alone', () => {
    const [one, two] = [group('a/x'), group('a/y')];
    const stage = new Stage().connect().join(one, two);
    refuse(stage, 'FORBIDDEN');
    const alone = stage.saidOf('join');
    expect(alone.map(({ groups }) => groups.map((each) => each.group))).toEqual([[one], [two]]);
    const [first] = alone;
    stage.hear({
      kind: 'request_refused',
      requestId: first?.requestId ?? 0,
      code: 'FORBIDDEN',
      message: '',
    });
    expect(stage.session.group(one)).toBeNull();
    expect(stage.session.group(two)).not.toBeNull();
  });

  test('UNKNOWN_POSITION: is tried again without the position', () => {
    const stage = new Stage().joined(10).cut().connect();
    refuse(stage, 'UNKNOWN_POSITION');
    const [join] = stage.saidOf('join');
    expect(join?.groups).toEqual([{ group: room, name: 'Me', created: 0 }]);
    stage.transfer(5);
    expect(stage.toldOf('rejoined')).toMatchObject([{ gap: true, at: at(5) }]);
  });
});

describe('leave', () => {
  test('ends with its settlement', () => {
    const stage = new Stage().joined(10);
    const leave = stage.leave();
    expect(stage.submitted()).toEqual([[leave, 0]]);
    stage.ack(leave, 11);
    expect(stage.toldOf('left')).toEqual([{ kind: 'left', group: room, why: 'left' }]);
    expect(stage.session.group(room)).toBeNull();
    stage.cut().connect();
    expect(stage.saidOf('join')).toEqual([]);
  });

  test('ends with the delivery that says so, too', () => {
    const stage = new Stage().joined(10);
    const leave = stage.leave();
    stage.deliver(11, { kind: 'non_member', clientId: me, cause: 'left', localId: leave });
    expect(stage.toldOf('left')).toHaveLength(1);
  });

  test('is over when the client turns out not to be a member', () => {
    const stage = new Stage().joined(10);
    stage.refuse(stage.leave(), 'NOT_A_MEMBER', 11);
    expect(stage.toldOf('left')).toHaveLength(1);
  });

  test('while it is pending the group is not joined again, and the chain is sent at once', () => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a'));
    stage.leave();
    stage.cut().said();
    stage.connect();
    const said = stage.said();
    expect(said.filter(({ kind }) => kind === 'join')).toEqual([]);
    expect(said.filter(({ kind }) => kind === 'submit')).toMatchObject([
      { localId: 1, previous: 0 },
      { localId: 2, previous: 1 },
    ]);
  });

  test('waits for the block of a join that is under way', () => {
    const stage = new Stage().connect().join();
    stage.leave();
    expect(stage.submitted()).toEqual([]);
    stage.transfer(10);
    expect(stage.submitted()).toEqual([[1, 0]]);
  });

  test('a join behind it waits for it, and so does what is sent behind that join', () => {
    const stage = new Stage().joined(10);
    const leave = stage.leave();
    stage.join();
    stage.send(bcast('a'));
    const said = stage.said();
    expect(said.map(({ kind }) => kind)).toEqual(['submit']);
    stage.ack(leave, 11);
    expect(stage.saidOf('join')).toMatchObject([{ groups: [{ group: room, created: 0 }] }]);
    stage.transfer(12, { mark: leave });
    expect(stage.submitted()).toEqual([[2, 1]]);
  });
});

describe('a group that is deleted', () => {
  test('while it was away: what is left of its block means nothing', () => {
    const stage = new Stage().joined(10).cut().connect();
    stage.resume(12, { 11: [{ kind: 'group_deleted', senderId: other, localId: 1 as never }] });
    const told = stage.told().map(({ kind }) => kind);
    expect(told.at(-1)).toBe('left');
    expect(told).not.toContain('violation');
    expect(stage.session.state).toBe('online');
    expect(stage.session.group(room)).toBeNull();
  });

  test('is no longer wanted', () => {
    const stage = new Stage().joined(10);
    stage.deliver(11, { kind: 'group_deleted', senderId: other, localId: 1 as never });
    expect(stage.told().map(({ kind }) => kind)).toEqual(['message', 'left']);
    stage.cut().connect();
    expect(stage.saidOf('join')).toEqual([]);
  });
});

describe('watch', () => {
  function watching(): { stage: Stage; requestId: number } {
    const stage = new Stage().connect();
    stage.do({ kind: 'watch', group: room, scope: 'everything', from: null });
    const [watch] = stage.saidOf('watch');
    expect(watch).toMatchObject({ group: room, scope: 'everything', created: 0 });
    expect(watch).not.toHaveProperty('after');
    return { stage, requestId: watch?.requestId ?? 0 };
  }

  function begun(): Stage {
    const { stage, requestId } = watching();
    const block = { requestId, group: room, at: at(10) };
    const begin = {
      ...block,
      purpose: 'watch',
      created: 1,
      gap: false,
      mark: 9,
      ...state,
    } as const;
    stage.hear({ kind: 'transfer_begin', ...begin }, { kind: 'transfer_end', ...block });
    return stage;
  }

  test('begins with the members and goes on from the present', () => {
    const stage = begun();
    expect(stage.toldOf('joined')).toMatchObject([{ scope: 'everything', how: 'transfer' }]);
    stage.deliver(11, { kind: 'new_member', clientId: other, name: 'Other' });
    expect(stage.session.group(room)?.copy?.members.get(other)?.name).toBe('Other');
  });

  test('is asked for again where it was', () => {
    const stage = begun().deliver(11, event.bcast(other, 1)).cut().connect();
    const [watch] = stage.saidOf('watch');
    expect(watch).toMatchObject({ created: 1, after: at(11) });
  });

  test('from a position', () => {
    const stage = new Stage().connect();
    stage.do({ kind: 'watch', group: room, scope: 'everything', from: at(5) });
    expect(stage.saidOf('watch')).toMatchObject([{ after: at(5) }]);
    stage.resume(20, { 7: [event.bcast(other, 1)] });
    expect(stage.told().slice(-2)).toMatchObject([
      { kind: 'message', at: at(7) },
      { kind: 'joined', how: 'resumed' },
    ]);
  });

  test('from a position that is no longer there: it begins at the present, with a gap', () => {
    const stage = new Stage().connect();
    stage.do({ kind: 'watch', group: room, scope: 'everything', from: at(5), created: 3 });
    expect(stage.saidOf('watch')).toMatchObject([{ after: at(5), created: 3 }]);
    stage.transfer(20, { created: 7, gap: true });
    expect(stage.toldOf('joined')).toMatchObject([{ how: 'transfer', created: 7, gap: true }]);
  });

  test('outlives the group: it goes on with the next one of that name', () => {
    const stage = begun().deliver(11, event.bcast(other, 1));
    stage.deliver(12, { kind: 'group_deleted', senderId: other, localId: 2 as never });
    stage.cut().connect();
    expect(stage.saidOf('watch').at(-1)).toMatchObject({ created: 0, after: at(12) });
    stage
      .transfer(13, { created: 0 })
      .deliver(20, { kind: 'new_member', clientId: other, name: 'Other' });
    expect(stage.session.state).toBe('online');
    expect(stage.session.group(room)?.copy?.members.size).toBe(1);
    stage.cut().said();
    stage.connect();
    // Which group that was, nobody has told: not none.
    expect(stage.saidOf('watch')[0]?.created).toBeGreaterThan(0);
  });

  test('keeps no objects, since it would start from nothing', () => {
    const stage = begun().deliver(11, event.write(other, 1, 'doc'));
    expect(stage.session.group(room)?.copy?.objects.all.size).toBe(0);
  });

  test('does not hold back what this client sends, nor take its mark', () => {
    const { stage } = watching();
    stage.send(bcast('a'));
    expect(stage.submitted()).toEqual([[1, 0]]);
  });

  test('resumes without a judgement: what this client sent meanwhile may have been decided', () => {
    const stage = begun();
    stage.cut();
    stage.send(bcast('a'));
    stage.connect();
    expect(stage.submitted()).toEqual([[1, 0]]);
    stage.told();
    stage.resume(20, {
      15: [{ kind: 'group_state', senderId: other, localId: 1 as never, objects: [] }],
    });
    expect(stage.toldOf('withdrawn')).toEqual([]);
  });

  test('unwatch: what is still on its way is ignored', () => {
    const stage = begun();
    stage.told();
    stage.do({ kind: 'unwatch', group: room });
    expect(stage.saidOf('unwatch')).toMatchObject([{ group: room }]);
    stage.deliver(11, event.bcast(other, 1));
    expect(stage.told().map(({ kind }) => kind)).toEqual(['left']);
    expect(stage.session.state).toBe('online');
  });

  test('unwatch before the answer: the answer is ignored', () => {
    const { stage, requestId } = watching();
    stage.do({ kind: 'unwatch', group: room });
    stage.told();
    const block = { requestId, group: room, at: at(10) };
    const begin = {
      ...block,
      purpose: 'watch',
      created: 1,
      gap: false,
      mark: 0,
      ...state,
    } as const;
    stage.hear({ kind: 'transfer_begin', ...begin }, { kind: 'transfer_end', ...block });
    expect(stage.told()).toEqual([]);
  });

  test('joining a watched group ends the watch and starts from the state', () => {
    const stage = begun().join();
    expect(stage.said().map(({ kind }) => kind)).toEqual(['unwatch', 'join']);
    stage.deliver(11, event.bcast(other, 1));
    stage.transfer(12);
    expect(stage.session.group(room)).toMatchObject({ scope: 'member', phase: 'live' });
    expect(stage.session.state).toBe('online');
  });

  test('a joined group cannot be watched', () => {
    const stage = new Stage().joined(10);
    const result = stage.do({ kind: 'watch', group: room, scope: 'members', from: null });
    expect(result).toEqual({ kind: 'refused', code: 'ALREADY_FOLLOWED' });
  });
});

describe('read and status', () => {
  test('a read gives the state, and is asked again on the next connection', () => {
    const stage = new Stage().connect();
    const result = stage.do({ kind: 'read', group: room, objects: [] });
    const [first] = stage.saidOf('read_state');
    stage.cut().connect();
    const [second] = stage.saidOf('read_state');
    expect(second).toEqual(first);
    const block = { requestId: second?.requestId ?? 0, group: room, at: at(10) };
    const begin = { ...block, purpose: 'read', created: 1, gap: false, mark: 0, ...state } as const;
    const update = {
      object: 'doc' as never,
      update: 'NEW',
      at: 9,
      data: new Uint8Array(3),
    } as const;
    stage.hear({ kind: 'transfer_begin', ...begin });
    stage.hear({
      kind: 'transfer_objects',
      requestId: block.requestId,
      group: room,
      updates: [update],
    });
    stage.hear({ kind: 'transfer_end', ...block });
    const [told] = stage.toldOf('state');
    expect(told).toMatchObject({
      requestId: 'id' in result ? result.id : 0,
      state: { exists: true },
    });
    expect([...(told?.state.objects.keys() ?? [])]).toEqual(['doc']);
  });

  test('a refused read says why', () => {
    const stage = new Stage().connect();
    stage.do({ kind: 'read', group: room, objects: [] });
    const requestId = stage.saidOf('read_state')[0]?.requestId ?? 0;
    stage.hear({ kind: 'request_refused', requestId, code: 'FORBIDDEN', message: 'no' });
    expect(stage.toldOf('request_refused')).toMatchObject([{ requestId, code: 'FORBIDDEN' }]);
  });

  test('reading a joined group leaves its chain and its block alone', () => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a'));
    stage.do({ kind: 'read', group: room, objects: [] });
    const requestId = stage.saidOf('read_state')[0]?.requestId ?? 0;
    const block = { requestId, group: room, at: at(10) };
    const begin = { ...block, purpose: 'read', created: 1, gap: false, mark: 0, ...state } as const;
    stage.hear({ kind: 'transfer_begin', ...begin });
    stage.deliver(11, event.bcast(me, 1));
    stage.hear({ kind: 'transfer_end', ...block });
    expect(stage.session.pending).toBe(0);
    expect(stage.toldOf('violation')).toEqual([]);
  });
});
