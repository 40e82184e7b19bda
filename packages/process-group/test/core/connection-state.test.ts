/** B4 as a function of the order: what was taken, what waits for its reply, what is remembered, and how much of it. */
import { expect, test } from 'vitest';
import { ConnectionState, type Taking } from '../../src/core/blocks/connection-state.ts';
import { type ConnectionLimits, closingsUnknown, connectionLimits } from '../../src/core/index.ts';

/** What an entry counts beside its bytes. */
const entry = 128;

const requestOf = (number: number, connection = 'till', length = 1) => ({
  connection,
  number,
  bytes: new Uint8Array(length).fill(number),
});

const replyOf = (number: number, length = 1, closings = 0) =>
  ({ kind: 'reply', closings, bytes: new Uint8Array(length).fill(number) }) as const;

/** Says it knowing all that was closed. */
const take = (state: ConnectionState, request: ReturnType<typeof requestOf>): Taking =>
  state.request(request, closingsUnknown);

function stateWith(limits: Partial<ConnectionLimits> = {}): ConnectionState {
  return new ConnectionState({ ...connectionLimits, ...limits });
}

const waitingIn = (state: ConnectionState): string[] =>
  [...state.waiting].map(({ connection, number }) => `${connection} ${number}`);

/** The same state at a joiner. */
function joined(state: ConnectionState, limits: Partial<ConnectionLimits> = {}): ConnectionState {
  const other = stateWith(limits);
  other.restore([...state.snapshot()]);
  return other;
}

test('B4 a request is taken once, in the order of its connection', () => {
  const state = stateWith();
  expect(take(state, requestOf(2))).toBe('early');
  expect(take(state, requestOf(1))).toBe('taken');
  expect(take(state, requestOf(1))).toBe('duplicate');
  expect(take(state, requestOf(2))).toBe('taken');
  expect(take(state, requestOf(1, 'desk'))).toBe('taken');
  expect(state.taken('till')).toBe(2);
});

test('B4 a request waits from its taking until its first reply, which is the one that counts', () => {
  const state = stateWith();
  expect(state.replied('till', 1, replyOf(1))).toBe(false);
  take(state, requestOf(1));
  expect(state.standing('till', 1)).toEqual({ kind: 'waiting' });
  expect(state.standing('till', 2)).toEqual({ kind: 'open' });
  expect(state.replied('till', 1, replyOf(1))).toBe(true);
  expect(state.replied('till', 1, replyOf(9))).toBe(false);
  expect(state.standing('till', 1)).toMatchObject({ bytes: replyOf(1).bytes });
  expect(waitingIn(state)).toEqual([]);
});

test('B4 who joins has what waits, in the order in which it was taken, and all replies that are remembered', () => {
  const state = stateWith();
  for (const request of [requestOf(1), requestOf(1, 'desk'), requestOf(2), requestOf(2, 'desk')]) {
    take(state, request);
  }
  state.replied('desk', 1, replyOf(7));
  const other = joined(state);
  expect(waitingIn(other)).toEqual(['till 1', 'till 2', 'desk 2']);
  expect([...other.waiting]).toEqual([...state.waiting]);
  expect(other.standing('desk', 1)).toMatchObject({ bytes: replyOf(7).bytes });
  expect(other.taken('desk')).toBe(2);
  expect(other.hasBegun).toBe(true);
  expect([...joined(other).snapshot()]).toEqual([...state.snapshot()]);
});

test('B4 a connection that is closed is forgotten, with what waits; its numbers begin anew', () => {
  const state = stateWith();
  for (const number of [1, 2, 3]) take(state, requestOf(number));
  take(state, requestOf(1, 'desk'));
  state.replied('till', 2, replyOf(2));
  expect(state.close('till', closingsUnknown)).toEqual([1, 3]);
  expect(state.close('nobody', closingsUnknown)).toEqual([]);
  expect(waitingIn(state)).toEqual(['desk 1']);
  expect(state.replied('till', 1, replyOf(1))).toBe(false);
  expect(take(state, requestOf(1))).toBe('taken');
  expect(state.standing('till', 2)).toEqual({ kind: 'open' });
});

test('B4 what was taken is kept for a service that begins, until somebody is replied to, and as much of it as may wait', () => {
  const limits = { allWaitingBytes: 2 * (entry + 10) };
  const earlyIn = (state: ConnectionState): string[] =>
    [...state.beginning].map((one) => `${one.connection} ${one.number} ${state.waits(one)}`);
  const state = stateWith(limits);
  take(state, requestOf(1, 'till', 10));
  take(state, requestOf(1, 'desk', 10));
  state.close('till', closingsUnknown);
  take(state, requestOf(1, 'till', 10));
  for (const one of [state, joined(state, limits)]) {
    expect(earlyIn(one)).toEqual(['till 1 false', 'desk 1 true', 'till 1 true']);
    expect([...joined(one, limits).snapshot()]).toEqual([...one.snapshot()]);
    const other = joined(one, limits);
    other.replied('desk', 1, replyOf(1));
    expect([earlyIn(other), waitingIn(other)]).toEqual([[], ['till 1']]);
    expect(one.hasBegun).toBe(false);
    one.close('desk', closingsUnknown);
    one.close('till', closingsUnknown);
    expect([earlyIn(one), one.hasBegun]).toEqual([[], true]);
  }
});

test('B4 a reply is one to a request of the connection that its server knew, not of one of that name since', () => {
  const state = stateWith();
  take(state, requestOf(1));
  expect(state.closings('till')).toBe(0);
  state.close('till', closingsUnknown);
  state.close('till', closingsUnknown);
  take(state, requestOf(1));
  for (const one of [state, joined(state)]) {
    expect(one.closings('till')).toBe(1);
    expect(one.replied('till', 1, replyOf(7, 1, 0))).toBe(false);
    expect(one.replied('till', 1, replyOf(8, 1, 1))).toBe(true);
    expect([...joined(one).snapshot()]).toEqual([...one.snapshot()]);
  }
});

test('B4 what was said before the connection was closed, as far as its sender knew, is none of the one after it', () => {
  const state = stateWith();
  expect(state.request(requestOf(1), 0)).toBe('taken');
  expect(state.close('till', 0)).toEqual([1]);
  expect(state.request(requestOf(1), 0)).toBe('late');
  expect(state.request(requestOf(1, 'desk'), 0)).toBe('taken');
  expect(state.request(requestOf(1), 1)).toBe('taken');
  for (const one of [state, joined(state)]) {
    for (const number of [1, 2]) expect(one.request(requestOf(number), 0)).toBe('late');
    expect(one.close('till', 0)).toBe(null);
    expect(one.request(requestOf(1), 1)).toBe('duplicate');
    expect(one.request(requestOf(1), closingsUnknown)).toBe('duplicate');
    expect(one.close('till', 1)).toEqual([1]);
    expect(one.close('till', 1)).toBe(null);
    expect(one.close('desk', 0)).toEqual([1]);
  }
});

test('B4 of as many names as may be open it is remembered when they were closed; of others what is old is too late', () => {
  const limits = { connections: 2 };
  const state = stateWith(limits);
  state.request(requestOf(1, 'stays'), 0);
  for (const [closings, name] of ['a', 'b', 'c'].entries()) {
    expect(state.request(requestOf(1, name), closings)).toBe('taken');
    state.close(name, closings);
  }
  for (const one of [state, joined(state, limits)]) {
    // That a was closed is forgotten, and so is whether any other was that is not known.
    for (const name of ['a', 'new']) expect(one.request(requestOf(1, name), 0)).toBe('late');
    expect(one.request(requestOf(1, 'b'), 1)).toBe('late');
    expect(one.request(requestOf(2, 'stays'), 0)).toBe('taken');
    expect(one.request(requestOf(1, 'new'), 1)).toBe('taken');
    expect([...joined(one, limits).snapshot()]).toEqual([...one.snapshot()]);
  }
});

test('B4 no more requests of a connection wait than may; there is room again when one has its reply', () => {
  const state = stateWith({ waiting: 2 });
  take(state, requestOf(1));
  take(state, requestOf(2));
  for (const one of [state, joined(state, { waiting: 2 })]) {
    expect(take(one, requestOf(3))).toBe('behind');
    expect(one.taken('till')).toBe(2);
    expect(take(one, requestOf(1, 'desk'))).toBe('taken');
    one.replied('till', 1, replyOf(1));
    expect(take(one, requestOf(3))).toBe('taken');
  }
});

test('B4 what waits is bounded in bytes, of a connection and of all', () => {
  const limits = { waitingBytes: 2 * (entry + 10), allWaitingBytes: 3 * (entry + 10) };
  const state = stateWith(limits);
  take(state, requestOf(1, 'till', 10));
  for (const one of [state, joined(state, limits)]) {
    expect(take(one, requestOf(2, 'till', 11))).toBe('behind');
    expect(take(one, requestOf(2, 'till', 10))).toBe('taken');
    expect(take(one, requestOf(1, 'desk', 10))).toBe('taken');
    expect(take(one, requestOf(1, 'door', 1))).toBe('behind');
    one.close('till', closingsUnknown);
    expect(take(one, requestOf(1, 'door', 1))).toBe('taken');
  }
});

test('B4 of a connection the last replies are remembered, of all so many bytes', () => {
  const limits = { waiting: 2, replies: 3, allReplyBytes: 4 * (entry + 10) };
  const state = stateWith(limits);
  for (let number = 1; number <= 4; number += 1) {
    take(state, requestOf(number));
    state.replied('till', number, replyOf(number, 10));
  }
  expect(state.standing('till', 1)).toEqual({ kind: 'forgotten' });
  for (const one of [state, joined(state, limits)]) {
    for (const number of [1, 2]) {
      take(one, requestOf(number, 'desk'));
      one.replied('desk', number, replyOf(number, 10));
    }
    // The oldest of all went, whoever's it is.
    expect(one.standing('till', 2)).toEqual({ kind: 'forgotten' });
    for (const number of [3, 4]) expect(one.standing('till', number).kind).toBe('reply');
  }
});

test('B4 the newest reply is remembered, however long it is', () => {
  const state = stateWith({ allReplyBytes: 10 });
  for (const number of [1, 2]) {
    take(state, requestOf(number));
    state.replied('till', number, replyOf(number, 100));
    expect(state.standing('till', number).kind).toBe('reply');
  }
  expect(state.standing('till', 1)).toEqual({ kind: 'forgotten' });
});

test('B4 no more connections are taken than may be; one more when one is closed', () => {
  const state = stateWith({ connections: 1 });
  take(state, requestOf(1));
  expect(take(state, requestOf(1, 'desk'))).toBe('full');
  state.close('till', closingsUnknown);
  expect(take(state, requestOf(1, 'desk'))).toBe('taken');
});

test('B4 whatever the order of its replies, nothing waits of a connection that is closed', () => {
  const limits = { waiting: 2, replies: 3 };
  const state = stateWith(limits);
  for (const number of [1, 2, 3]) {
    expect(take(state, requestOf(number))).toBe('taken');
    if (number > 1) state.replied('till', number, replyOf(number));
  }
  expect(take(state, requestOf(4))).toBe('behind');
  expect(state.close('till', closingsUnknown)).toEqual([1]);
  expect(waitingIn(joined(state, limits))).toEqual([]);
  expect(take(state, requestOf(1))).toBe('taken');
});

test('B4 what is no state of connections is not taken', () => {
  const state = stateWith();
  take(state, requestOf(1));
  const [head = new Uint8Array(), ...rest] = state.snapshot();
  for (const pieces of [[], [head.subarray(1), ...rest], [head, new Uint8Array([9])], rest]) {
    expect(() => stateWith().restore(pieces)).toThrow('This is no state of connections.');
  }
});
