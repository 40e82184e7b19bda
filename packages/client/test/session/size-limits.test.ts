/** What the server can never take is refused at once; what it refuses later does not stay in the way. */
import type { CommandResult, OutboxRecord } from '@choir/client/session';
import { encodeMessage, fromClient, limits } from '@choir/protocol';
import { describe, expect, test } from 'vitest';
import { bcast, object, room, Stage } from './stage.ts';

const tooLarge = { kind: 'refused', code: 'TOO_LARGE' };
const { messageBytes, parts: partsMax, checkpointObjects } = limits;

function send(stage: Stage, bytes: number, parts = 1): CommandResult {
  const part = bcast('x'.repeat(bytes));
  return stage.do({ kind: 'send', parts: Array<typeof part>(parts).fill(part) });
}

function checkpoint(objects: number, bytes: number) {
  const data = new Uint8Array(bytes);
  const state = Array.from({ length: objects }, (_, n) => ({ object: object(`o${n}`), data }));
  return { kind: 'group_state', group: room, objects: state } as const;
}

describe('before the first welcome the limits of the protocol hold', () => {
  test('for one payload', () => {
    expect(send(new Stage(), messageBytes)).toMatchObject({ kind: 'accepted' });
    expect(send(new Stage(), messageBytes + 1)).toEqual(tooLarge);
  });

  test('for all payloads of a message, whose delivery must fit a frame of text', () => {
    expect(send(new Stage(), messageBytes, 7)).toMatchObject({ kind: 'accepted' });
    expect(send(new Stage(), messageBytes, 8)).toEqual(tooLarge);
  });

  test('for the sum exactly as the server counts it: 300 bytes beside each payload', () => {
    const sumMax = limits.frameBytes / 2 - 64 * 1024;
    const each = sumMax / 16 - 300;
    expect(send(new Stage(), each, 16)).toMatchObject({ kind: 'accepted' });
    expect(send(new Stage(), each + 1, 16)).toEqual(tooLarge);
  });

  test('for the items of a checkpoint, and of several in one message', () => {
    const stage = new Stage().join();
    const within = checkpoint(checkpointObjects, 1);
    expect(stage.do({ kind: 'send', parts: [within, within] })).toMatchObject({ kind: 'accepted' });
    const beyond = checkpoint(checkpointObjects + 1, 1);
    expect(stage.do({ kind: 'send', parts: [beyond] })).toEqual(tooLarge);
    const many = Array<typeof within>(partsMax).fill(within);
    expect(stage.do({ kind: 'send', parts: many })).toEqual(tooLarge);
  });

  test('for a volatile message', () => {
    const data = new Uint8Array(messageBytes + 1);
    expect(new Stage().do({ kind: 'volatile', group: room, data })).toEqual(tooLarge);
  });

  test('and what they let pass fits a frame', () => {
    const stage = new Stage().joined(10);
    expect(send(stage, messageBytes, 7)).toMatchObject({ kind: 'accepted' });
    const [submit] = stage.saidOf('submit');
    if (submit === undefined) throw new Error('nothing was sent');
    expect(encodeMessage(fromClient, submit).length).toBeLessThanOrEqual(limits.frameBytes);
  });
});

describe('from the welcome on what it says holds', () => {
  test('for one payload of a message, an object or a checkpoint', () => {
    const stage = new Stage({}, { messageBytes: 100 }).joined(10);
    expect(send(stage, 100)).toMatchObject({ kind: 'accepted' });
    expect(send(stage, 101)).toEqual(tooLarge);
    const data = new Uint8Array(101);
    const write = { kind: 'obj_state', group: room, object: object('o'), update: 'NEW' } as const;
    expect(stage.do({ kind: 'send', parts: [{ ...write, data }] })).toEqual(tooLarge);
    expect(stage.do({ kind: 'send', parts: [checkpoint(2, 101)] })).toEqual(tooLarge);
    expect(stage.do({ kind: 'volatile', group: room, data })).toEqual(tooLarge);
  });

  test('also while the connection is gone, until another welcome says otherwise', () => {
    const stage = new Stage({}, { messageBytes: 100 }).connect().cut();
    expect(send(stage, 101)).toEqual(tooLarge);
    stage.messageBytes = 200;
    stage.connect();
    expect(send(stage, 200)).toMatchObject({ kind: 'accepted' });
  });

  test('but never more than the protocol allows', () => {
    const stage = new Stage({}, { messageBytes: 2 * messageBytes }).connect();
    expect(send(stage, messageBytes + 1)).toEqual(tooLarge);
  });
});

describe('what is in the outbox when a smaller limit comes to be known', () => {
  test('is refused by the server without a position: told, and the chain goes on without it', () => {
    const stage = new Stage({}, { messageBytes: 100 });
    send(stage, 50);
    send(stage, 101);
    send(stage, 60);
    stage.connect();
    expect(stage.submitted()).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    stage.refuse(2, 'TOO_LARGE').hear({ kind: 'resend', group: room, mark: 0 });
    expect(stage.toldOf('refused')).toMatchObject([{ localId: 2, code: 'TOO_LARGE', at: null }]);
    expect(stage.submitted()).toEqual([[3, 1]]);
    stage.ack(1, 11).ack(3, 12);
    expect(stage.toldOf('settled').map(({ localId }) => localId)).toEqual([1, 3]);
    expect(stage.session.pending).toBe(0);
  });

  test('also when an earlier connection had sent it: waiting would never end', () => {
    const stage = new Stage({}, { messageBytes: 1_000 }).connect();
    send(stage, 101);
    stage.cut();
    stage.messageBytes = 100;
    stage.connect().refuse(1, 'TOO_LARGE');
    expect(stage.toldOf('refused')).toMatchObject([{ localId: 1, code: 'TOO_LARGE' }]);
    expect(stage.session.pending).toBe(0);
  });

  test('also when an earlier process had stored it, which is forgotten', () => {
    const before = new Stage();
    send(before, 101);
    before.said();
    const stored: OutboxRecord[] = before.effects.flatMap((e) =>
      e.kind === 'store' ? [e.record] : [],
    );
    const stage = new Stage({ stored }, { messageBytes: 100 }).connect().refuse(1, 'TOO_LARGE');
    expect(stage.toldOf('refused')).toMatchObject([{ localId: 1, code: 'TOO_LARGE' }]);
    expect(stage.effects).toContainEqual({ kind: 'unstore', localId: 1, decided: false });
  });
});
