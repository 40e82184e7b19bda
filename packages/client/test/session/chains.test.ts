import { limits } from '@choir/protocol';
import { describe, expect, test } from 'vitest';
import { at, bcast, event, group, id, me, room, Stage, write } from './stage.ts';

describe('E2: a chain is sent in order, each with the one before it', () => {
  test('previous is the local id before it in the same chain, not over all groups', () => {
    const stage = new Stage().joined(10);
    const elsewhere = group('elsewhere');
    stage.send(bcast('a'));
    stage.send(bcast('b', false, elsewhere));
    stage.send(bcast('c'));
    expect(stage.saidOf('submit')).toMatchObject([
      { group: room, localId: 1, previous: 0 },
      { group: elsewhere, localId: 2, previous: 0 },
      { group: room, localId: 3, previous: 1 },
    ]);
  });

  test('what was settled with a position is the predecessor of the next', () => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a'));
    stage.deliver(11, event.bcast(me, 1));
    stage.said();
    stage.send(bcast('b'));
    expect(stage.submitted()).toEqual([[2, 1]]);
  });

  test('a refusal without a position leaves no trace in the chain', () => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a'));
    stage.refuse(1, 'LIMIT');
    stage.said();
    stage.send(bcast('b'));
    expect(stage.submitted()).toEqual([[2, 0]]);
  });

  test('a refusal with a position moves the mark', () => {
    const stage = new Stage().joined(10);
    stage.send(write('doc', 'a'));
    stage.refuse(1, 'LOCKED', 11);
    stage.said();
    stage.send(bcast('b'));
    expect(stage.submitted()).toEqual([[2, 1]]);
  });
});

describe('the window', () => {
  test('at most sendWindow submissions of a chain are under way; each settlement lets one go', () => {
    const stage = new Stage().joined(10);
    for (let i = 0; i < limits.sendWindow + 3; i++) stage.send(bcast('x'));
    expect(stage.submitted()).toHaveLength(limits.sendWindow);
    stage.ack(1, 11);
    expect(stage.submitted()).toEqual([[limits.sendWindow + 1, limits.sendWindow]]);
  });

  test('chains have windows of their own', () => {
    const stage = new Stage().joined(10);
    for (let i = 0; i < limits.sendWindow + 3; i++) stage.send(bcast('x'));
    stage.said();
    const last = stage.send(bcast('y', false, group('elsewhere')));
    expect(stage.submitted()).toEqual([[last, 0]]);
  });
});

describe('what settles a submission', () => {
  test('an own event in a delivery, whole: one settlement for several events', () => {
    const stage = new Stage().joined(10);
    stage.send(write('a', '1'), write('b', '1'));
    stage.deliver(11, event.write(me, 1, 'a'), event.write(me, 1, 'b'));
    expect(stage.toldOf('settled')).toEqual([
      { kind: 'settled', group: room, localId: 1, at: at(11) },
    ]);
    expect(stage.session.pending).toBe(0);
  });

  test('an own event in a delivery of another group', () => {
    const [one, two] = [group('team/one'), group('team/two')];
    const stage = new Stage().joined(10);
    stage.do({ kind: 'watch', group: two, scope: 'everything', from: null });
    const requestId = stage.saidOf('watch')[0]?.requestId ?? 0;
    const state = { stateful: true, absenceMs: 1, properties: [], members: [], locks: [] };
    const begin = { requestId, group: two, created: 1, at: at(10), gap: false, mark: 0 };
    stage.hear({ kind: 'transfer_begin', purpose: 'watch', ...begin, ...state });
    stage.hear({ kind: 'transfer_end', requestId, group: two, at: at(10) });
    stage.send(bcast('a', false, one), bcast('a', false, two));
    stage.hear({ kind: 'delivery', group: two, at: at(11), time: 0, events: [event.bcast(me, 1)] });
    expect(stage.toldOf('settled')).toMatchObject([{ group: one, localId: 1 }]);
  });

  test('an acknowledgement, whose second copy means nothing', () => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a', true));
    stage.ack(1, 11).ack(1, 11);
    expect(stage.toldOf('settled')).toHaveLength(1);
  });

  test('settlement of n does not settle n-1', () => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a'));
    stage.send(bcast('b'));
    stage.deliver(11, event.bcast(me, 2));
    expect(stage.session.pending).toBe(1);
    stage.refuse(1, 'LOCKED', 9);
    expect(stage.toldOf('refused')).toMatchObject([{ localId: 1, code: 'LOCKED' }]);
    stage.said();
    stage.send(bcast('c'));
    expect(stage.submitted()).toEqual([[3, 2]]);
  });

  test('a refusal, with what the server says', () => {
    const stage = new Stage().joined(10);
    stage.send(write('a', '1'));
    stage.refuse(1, 'CONFLICT', 11);
    expect(stage.toldOf('refused')).toMatchObject([{ localId: 1, code: 'CONFLICT', at: at(11) }]);
    expect(stage.session.pending).toBe(0);
  });
});

describe('resend {group, mark}', () => {
  function threeUnderWay(): Stage {
    const stage = new Stage().joined(10);
    for (const text of ['a', 'b', 'c']) stage.send(bcast(text));
    stage.said();
    return stage;
  }

  test('everything pending is sent again in order, the first behind the mark', () => {
    const stage = threeUnderWay();
    stage.refuse(1, 'LIMIT');
    stage.hear({ kind: 'resend', group: room, mark: 0 });
    expect(stage.submitted()).toEqual([
      [2, 0],
      [3, 2],
    ]);
  });

  test('what is at or below the mark is sent all the same', () => {
    const stage = threeUnderWay();
    stage.cut().connect().resume(20, {}, 2);
    expect(stage.submitted()).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  test('a burst of them sends the window again once, not once each', () => {
    const stage = threeUnderWay();
    stage.refuse(1, 'LIMIT');
    for (let i = 0; i < 2; i++) stage.hear({ kind: 'resend', group: room, mark: 0 });
    expect(stage.submitted()).toHaveLength(2);
  });

  test('one that was ignored wrongly is made good after a while', () => {
    const stage = threeUnderWay();
    stage.hear({ kind: 'resend', group: room, mark: 0 });
    expect(stage.submitted()).toEqual([]);
    stage.deliver(11, event.bcast(me, 1));
    stage.pass(10_000);
    expect(stage.submitted()).toEqual([
      [2, 1],
      [3, 2],
    ]);
  });

  test('… but not when all that was sent is settled by then', () => {
    const stage = threeUnderWay();
    stage.hear({ kind: 'resend', group: room, mark: 0 });
    for (const n of [1, 2, 3]) stage.deliver(10 + n, event.bcast(me, n));
    stage.pass(5_000);
    stage.send(bcast('d'));
    expect(stage.submitted()).toEqual([[4, 3]]);
    stage.pass(9_000);
    expect(stage.submitted()).toEqual([]);
  });

  test('the mark that a new process learns heals a chain of which it knows nothing', () => {
    const stage = new Stage({ lastLocalId: 7 }).connect();
    stage.send(bcast('a'));
    expect(stage.submitted()).toEqual([[8, 0]]);
    stage.hear({ kind: 'resend', group: room, mark: 5 });
    expect(stage.submitted()).toEqual([[8, 5]]);
  });
});

describe('a server that cannot take submissions now', () => {
  test.each(['NOT_WRITABLE', 'WINDOW'])('%s: all is sent again after a while', (code) => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a'));
    stage.send(bcast('b'));
    stage.said();
    stage.refuse(1, code).refuse(2, code);
    expect(stage.toldOf('delayed')).toMatchObject([{ localId: 1, code }]);
    expect(stage.session.pending).toBe(2);
    stage.send(bcast('c'));
    expect(stage.submitted()).toEqual([]);
    stage.pass(250);
    expect(stage.submitted()).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
  });

  test('the pause doubles up to 15 s and starts anew after a success', () => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a'));
    const pauses: number[] = [];
    for (let i = 0; i < 9; i++) {
      stage.refuse(1, 'NOT_WRITABLE');
      const [delayed] = stage.toldOf('delayed');
      pauses.push(delayed?.retryInMs ?? 0);
      stage.hear({ kind: 'pong', nonce: 0 });
      stage.pass(delayed?.retryInMs ?? 0);
    }
    expect(pauses).toEqual([188, 375, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250]);
    stage.ack(1, 11);
    stage.send(bcast('b'));
    stage.refuse(2, 'NOT_WRITABLE');
    expect(stage.toldOf('delayed')).toMatchObject([{ retryInMs: 188 }]);
  });
});

describe('E7: the outbox is bounded', () => {
  test('by messages', () => {
    const stage = new Stage({ outboxMessagesMax: 2 });
    stage.send(bcast('a'));
    stage.send(bcast('b'));
    const result = stage.do({ kind: 'send', parts: [bcast('c')] });
    expect(result).toEqual({ kind: 'refused', code: 'OUTBOX_FULL' });
  });

  test('by bytes, which settlements give back', () => {
    const stage = new Stage({ outboxBytesMax: 1_000 }).joined(10);
    stage.send(bcast('x'.repeat(600)));
    const again = { kind: 'send', parts: [bcast('x'.repeat(600))] } as const;
    expect(stage.do(again)).toEqual({ kind: 'refused', code: 'OUTBOX_FULL' });
    stage.ack(1, 11);
    expect(stage.do(again)).toEqual({ kind: 'accepted', id: 2 });
  });

  test('unrelated groups cannot share a message', () => {
    const parts = [bcast('a', false, group('a/x')), bcast('b', false, group('b/x'))];
    const result = new Stage().do({ kind: 'send', parts });
    expect(result).toEqual({ kind: 'refused', code: 'CROSS_SHARD' });
  });
});

test('what is stored comes before its first send, and goes when it is settled', () => {
  const stage = new Stage().joined(10);
  stage.send(bcast('a'));
  stage.ack(1, 11);
  stage.said();
  const kinds = stage.effects.map((effect) =>
    effect.kind === 'send' ? effect.message.kind : effect.kind,
  );
  const [stored, submitted, unstored] = ['store', 'submit', 'unstore'].map((k) =>
    kinds.indexOf(k as 'store'),
  );
  expect(stored).toBeGreaterThan(-1);
  expect(stored).toBeLessThan(submitted ?? 0);
  expect(submitted).toBeLessThan(unstored ?? 0);
  expect(stage.session.pending).toBe(0);
  expect(id(1)).toBe(1);
});
