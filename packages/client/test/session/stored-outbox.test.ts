import type { OutboxRecord } from '@choir/client/session';
import { describe, expect, test } from 'vitest';
import { bcast, event, id, me, room, Stage, write } from './stage.ts';

/** What a driver that stores the outbox would find after the process ended. */
function leftBehind(stage: Stage): readonly OutboxRecord[] {
  stage.said();
  const records = new Map<number, OutboxRecord>();
  for (const effect of stage.effects) {
    if (effect.kind === 'store') records.set(effect.record.localId, effect.record);
    if (effect.kind === 'unstore') records.delete(effect.localId);
  }
  return [...records.values()];
}

describe('a new process with a stored outbox', () => {
  test('joins by transfer what was joined, and sends what was pending again', () => {
    const before = new Stage().joined(10);
    before.send(bcast('a'));
    before.send(write('doc', 'b'));
    before.ack(1, 11);
    const after = new Stage({ stored: leftBehind(before), lastLocalId: 2 }).connect();
    expect(after.said().map(({ kind }) => kind)).toEqual(['hello', 'join']);
    after.transfer(20, { mark: 1 });
    expect(after.saidOf('submit')).toMatchObject([
      { localId: 2, previous: 1, body: { parts: [{ base: 10 }] } },
    ]);
    expect(after.send(bcast('c'))).toBe(3);
  });

  test('sends a repetition byte for byte, also of what had no base at first', () => {
    const before = new Stage().connect().join();
    before.send(write('doc', 'a'));
    before.transfer(10);
    const [first] = before.saidOf('submit');
    const after = new Stage({ stored: leftBehind(before) }).connect().transfer(20);
    expect(after.saidOf('submit')).toEqual([first]);
  });

  test('gives a base to what had none', () => {
    const before = new Stage().connect().join();
    before.send(write('doc', 'a'));
    const after = new Stage({ stored: leftBehind(before) }).connect().transfer(20);
    expect(after.saidOf('submit')).toMatchObject([{ body: { parts: [{ base: 20 }] } }]);
  });

  test('does not join a group that was about to be left', () => {
    const before = new Stage().joined(10);
    before.send(bcast('a'));
    before.leave();
    const after = new Stage({ stored: leftBehind(before) }).connect();
    const kinds = after.said().map(({ kind }) => kind);
    expect(kinds).toEqual(['hello', 'submit', 'submit']);
  });

  test('hands over the lock that it had asked for', () => {
    const before = new Stage().joined(10);
    before.lock('doc');
    const after = new Stage({ stored: leftBehind(before) }).connect().transfer(20);
    after.deliver(21, event.granted(me, 1, 21, 'doc'));
    expect(after.toldOf('lock').at(-1)).toMatchObject({ request: id(1), state: 'held' });
  });

  test('never uses a local id again, also when everything was settled', () => {
    const after = new Stage({ lastLocalId: 41 }).connect();
    expect(after.send(bcast('a'))).toBe(42);
    expect(after.saidOf('submit')).toMatchObject([{ group: room, localId: 42 }]);
  });
});
