/** The display name with which a group is joined again: the newest one that was wanted. */
import type { OutboxRecord } from '@choir/client/session';
import { describe, expect, test } from 'vitest';
import { bcast, id, me, room, Stage } from './stage.ts';

function rename(stage: Stage, name: string): void {
  stage.do({ kind: 'rename', group: room, name });
}

function joinAs(stage: Stage, name: string): void {
  stage.do({ kind: 'join', groups: [{ group: room, name }] });
}

/** Names in the requests to join since the last look. */
function joinedAs(stage: Stage): readonly string[] {
  return stage.saidOf('join').flatMap(({ groups }) => groups.map(({ name }) => name));
}

/** What was submitted to change the name since the last look. */
function names(stage: Stage): readonly string[] {
  return stage.saidOf('submit').flatMap(({ body }) => (body.kind === 'rename' ? [body.name] : []));
}

/** Deliveries of `room` that tell of a new name. */
function renamed(stage: Stage, seq: number, { n, name }: { n?: number; name: string }): void {
  const own = n === undefined ? {} : { localId: id(n) };
  stage.deliver(seq, { kind: 'renamed_member', clientId: me, name, ...own });
}

const record = (n: number, memberName: string, body: OutboxRecord['body']): OutboxRecord => {
  return { group: room, localId: id(n), body, unbased: [], memberName };
};
const said: OutboxRecord['body'] = { kind: 'message', parts: [bcast('a')].filter(isBcast) };

function isBcast<Part extends { readonly kind: string }>(
  part: Part,
): part is Extract<Part, { readonly kind: 'bcast' }> {
  return part.kind === 'bcast';
}

describe('the name of a member that comes back', () => {
  test('is the one that the group knows', () => {
    const stage = new Stage().joined(10);
    rename(stage, 'Ann');
    renamed(stage, 11, { n: 1, name: 'Ann' });
    stage.cut().connect();
    expect(joinedAs(stage)).toEqual(['Ann']);
  });

  test('is the one asked for whose answer was lost: it may be decided', () => {
    const stage = new Stage().joined(10);
    rename(stage, 'Ann');
    stage.said();
    stage.cut().connect();
    expect(joinedAs(stage)).toEqual(['Ann']);
  });

  test('is the newest of several, though the answer to an older one has come', () => {
    const stage = new Stage().joined(10);
    rename(stage, 'Ann');
    rename(stage, 'Bob');
    stage.said();
    renamed(stage, 11, { n: 1, name: 'Ann' });
    stage.cut().connect();
    expect(joinedAs(stage)).toEqual(['Bob']);
  });

  test('is the one before, when the new one was refused', () => {
    const stage = new Stage().joined(10);
    rename(stage, 'Ann');
    stage.said();
    stage.refuse(1, 'FORBIDDEN');
    stage.cut().connect();
    expect(joinedAs(stage)).toEqual(['Me']);
  });

  test('is the one that was asked for while away', () => {
    const stage = new Stage().joined(10).cut();
    rename(stage, 'Ann');
    stage.connect();
    expect(joinedAs(stage)).toEqual(['Ann']);
  });
});

describe('the name of who left and joined again', () => {
  /** Leaves, joins as Me, and becomes Ann; the leave is settled. */
  function backAsAnn(): Stage {
    const stage = new Stage().joined(10);
    stage.leave();
    joinAs(stage, 'Me');
    rename(stage, 'Ann');
    stage.ack(1, 11);
    return stage;
  }

  test('is the one that was asked for behind the leave', () => {
    expect(joinedAs(backAsAnn())).toEqual(['Ann']);
  });

  test('is that also when the answer was lost, or came', () => {
    const lost = backAsAnn().transfer(12);
    lost.said();
    expect(joinedAs(lost.cut().connect())).toEqual(['Ann']);
    const told = backAsAnn().transfer(12);
    renamed(told, 13, { n: 2, name: 'Ann' });
    told.said();
    expect(joinedAs(told.cut().connect())).toEqual(['Ann']);
  });
});

describe('the name of a new process with a stored outbox', () => {
  test('is the one that it had asked for: it may be decided', () => {
    const stored = [record(1, 'Guest', { kind: 'rename', name: 'Ann' })];
    expect(joinedAs(new Stage({ stored }).connect())).toEqual(['Ann']);
  });

  test('is that of the newest entry', () => {
    const stored = [record(1, 'Guest', said), record(3, 'Ann', said)];
    expect(joinedAs(new Stage({ stored }).connect())).toEqual(['Ann']);
  });

  test('is the one it had asked for before what is left, though that entry is settled', () => {
    const before = new Stage().joined(10);
    rename(before, 'Ann');
    before.send(bcast('a'));
    before.ack(1, 11);
    const stored = before.leftBehind();
    expect(stored).toHaveLength(1);
    expect(joinedAs(new Stage({ stored, lastLocalId: 2 }).connect())).toEqual(['Ann']);
  });

  test('is the one with which the application joins before it is asked for', () => {
    const stored = [record(1, 'Guest', said)];
    const stage = new Stage({ stored, lastLocalId: 1 });
    joinAs(stage, 'Ann');
    expect(joinedAs(stage.connect())).toEqual(['Ann']);
    expect(stage.transfer(20).submitted()).toEqual([[1, 0]]);
  });

  test('is changed to the one with which the application joins later, once', () => {
    const stored = [record(1, 'Guest', said)];
    const stage = new Stage({ stored, lastLocalId: 1 }).connect().transfer(20);
    expect(joinedAs(stage)).toEqual(['Guest']);
    joinAs(stage, 'Ann');
    expect(stage.saidOf('submit')).toMatchObject([{ body: { kind: 'rename', name: 'Ann' } }]);
    joinAs(stage, 'Bob');
    expect(stage.saidOf('submit')).toEqual([]);
  });

  test('is changed to that behind a change that an earlier process left', () => {
    const stored = [record(1, 'Guest', { kind: 'rename', name: 'Old' })];
    const stage = new Stage({ stored, lastLocalId: 1 });
    joinAs(stage, 'New');
    stage.connect();
    expect(joinedAs(stage)).toEqual(['New']);
    expect(names(stage.transfer(20))).toEqual(['Old', 'New']);
  });

  test('is changed to that also behind a leave that an earlier process left', () => {
    const stored = [
      record(1, 'Guest', { kind: 'leave' }),
      record(2, 'Guest', { kind: 'rename', name: 'Old' }),
    ];
    const stage = new Stage({ stored, lastLocalId: 2 });
    joinAs(stage, 'New');
    stage.connect();
    stage.ack(1, 10);
    expect(joinedAs(stage)).toEqual(['New']);
    expect(names(stage.transfer(20))).toEqual(['Old', 'New']);
  });

  test('is not asked for again where it is the same', () => {
    const stored = [record(1, 'Guest', { kind: 'rename', name: 'Ann' })];
    const stage = new Stage({ stored, lastLocalId: 1 });
    joinAs(stage, 'Ann');
    stage.connect().transfer(20, { mark: 1 });
    expect(stage.submitted()).toEqual([[1, 0]]);
  });
});
