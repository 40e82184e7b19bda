import { Session } from '@choir/client/session';
import type { FromServer } from '@choir/protocol';
import { describe, expect, test } from 'vitest';
import { at, bcast, bytes, client, event, group, me, other, room, Stage } from './stage.ts';

describe('hello', () => {
  test('carries the identity, and asks for one where there is none', () => {
    const stage = new Stage({ agent: 'test' });
    stage.session.start(0);
    stage.session.opened(1, 0);
    expect(stage.said()).toMatchObject([
      { kind: 'hello', version: 1, clientId: me, agent: 'test' },
    ]);
    const anonymous = new Session({ secret: new Uint8Array(16), random: () => 0.5 });
    anonymous.start(0);
    anonymous.opened(1, 0);
    const [, , hello] = anonymous.drain();
    expect(hello?.kind === 'send' && hello.message).not.toHaveProperty('clientId');
  });

  test('an issued client id is used from then on', () => {
    const session = new Session({ secret: new Uint8Array(16), random: () => 0.5 });
    const stage = new Stage();
    stage.connect();
    session.start(0);
    session.opened(1, 0);
    session.drain();
    const welcome: FromServer = {
      kind: 'welcome',
      version: 1,
      clientId: client('issued'),
      session: 5 as never,
      head: at(1),
      heartbeatMs: 1_000,
      messageBytes: 1,
    };
    session.received(1, welcome, 0);
    expect(session.drain()[0]).toEqual({ kind: 'identify', clientId: 'issued', server: 0 });
    expect(session.clientId).toBe('issued');
  });
});

describe('trying again', () => {
  /** The servers tried, in order. */
  function tried(stage: Stage): readonly number[] {
    stage.said();
    return stage.effects.flatMap((effect) => (effect.kind === 'open' ? [effect.server] : []));
  }

  test('several servers are tried in turn, until one says welcome', () => {
    const stage = new Stage({ servers: 3 });
    stage.session.start(0);
    for (let i = 0; i < 4; i++) stage.cut().pass(8_000);
    stage.connect();
    for (let i = 0; i < 3; i++) stage.cut().pass(8_000);
    expect(stage.connection).toBe(8);
    expect(tried(stage)).toEqual([0, 1, 2, 0, 1, 1, 1, 1]);
  });

  test('a server that turns the client away before its welcome is passed by', () => {
    const stage = new Stage({ servers: 2 });
    stage.session.start(0);
    stage.session.opened(1, 0);
    stage.hear({ kind: 'goodbye', code: 'LIMIT', message: '', retryAfterMs: 10 });
    stage.pass(10_000);
    expect(tried(stage).slice(0, 2)).toEqual([0, 1]);
  });

  test('only the server that knows the client is tried, also by a new process', () => {
    const stage = new Stage({ servers: 3, home: 2 });
    stage.session.start(0);
    stage.cut().pass(8_000).cut().pass(8_000);
    expect(tried(stage)).toEqual([2, 2, 2]);
    stage.connect().said();
    expect(stage.effects.some(({ kind }) => kind === 'identify')).toBe(false);
  });

  test('the first welcome says which server knows the client, and no later one', () => {
    const stage = new Stage({ servers: 2 });
    stage.session.start(0);
    stage.cut().pass(8_000).connect().cut().connect();
    stage.said();
    const identified = stage.effects.filter(({ kind }) => kind === 'identify');
    expect(identified).toEqual([{ kind: 'identify', clientId: me, server: 1 }]);
  });

  test('wake tries at once', () => {
    const stage = new Stage().connect().cut();
    stage.session.wake(stage.now);
    expect(stage.session.state).toBe('connecting');
  });

  test('… but not before the time that a goodbye asked for (S6)', () => {
    const stage = new Stage().connect();
    stage.hear({ kind: 'goodbye', code: 'SHUTDOWN', message: '', retryAfterMs: 5_000 });
    stage.session.wake(stage.now + 4_999);
    expect(stage.session.state).toBe('offline');
    stage.session.wake(stage.now + 5_000);
    expect(stage.session.state).toBe('connecting');
  });
});

describe('heartbeat', () => {
  test('a ping after heartbeatMs without a message; the connection is given up after twice that', () => {
    const stage = new Stage().connect();
    stage.said();
    stage.pass(9_999);
    expect(stage.said()).toEqual([]);
    stage.pass(1);
    expect(stage.said()).toMatchObject([{ kind: 'ping' }]);
    stage.pass(9_999);
    expect(stage.session.state).toBe('online');
    stage.pass(1);
    expect(stage.session.state).toBe('offline');
  });

  test('any message is a sign of life', () => {
    const stage = new Stage().joined(10).pass(15_000).deliver(11, event.bcast(other, 1));
    stage.pass(9_999);
    expect(stage.session.state).toBe('online');
  });

  test('a mere listener pings as well, lest the server take it for dead', () => {
    const stage = new Stage().joined(10);
    for (let i = 0; i < 5; i++) stage.pass(3_000).deliver(11 + i, event.bcast(other, i + 1));
    expect(stage.saidOf('ping')).toHaveLength(1);
  });

  test('no welcome: the attempt is given up', () => {
    const stage = new Stage();
    stage.session.start(0);
    stage.pass(15_000);
    expect(stage.session.state).toBe('offline');
  });
});

describe('timers that come late, as in a hidden tab', () => {
  const pong = { kind: 'pong', nonce: 1 } as const;

  test('ping before they give up', () => {
    const stage = new Stage().connect();
    stage.session.timeout(500_000);
    expect(stage.session.state).toBe('online');
    expect(stage.saidOf('ping')).toHaveLength(1);
  });

  test('are no proof: the answer may have come, and wait behind them', () => {
    const stage = new Stage().connect().pass(10_000);
    expect(stage.saidOf('ping')).toHaveLength(1);
    // Frozen here; everything that came meanwhile is handed over behind the timer.
    stage.now += 600_000;
    stage.session.timeout(stage.now);
    stage.hear(pong, pong);
    expect(stage.session.state).toBe('online');
    expect(stage.connection).toBe(1);
    expect(stage.pass(9_999).session.state).toBe('online');
  });

  test('are no proof twice over: the end of a connection is noticed in a hidden tab, too', () => {
    const stage = new Stage().connect();
    for (let minute = 1; minute <= 3; minute += 1) stage.session.timeout(minute * 60_000);
    expect(stage.session.state).toBe('offline');
  });

  test('any number of them, while the server answers', () => {
    const stage = new Stage().connect();
    for (let minute = 1; minute <= 60; minute += 1) {
      stage.now = minute * 60_000;
      stage.session.timeout(stage.now);
      stage.hear(pong);
    }
    expect(stage.connection).toBe(1);
    expect(stage.session.state).toBe('online');
  });

  test('a welcome may have come, too', () => {
    const stage = new Stage();
    stage.session.start(0);
    stage.session.timeout(60_000);
    expect(stage.session.state).toBe('connecting');
    stage.session.timeout(120_000);
    expect(stage.session.state).toBe('offline');
  });

  test('one that comes in time gives up in time', () => {
    const stage = new Stage().connect().pass(10_000);
    stage.session.timeout(20_500);
    expect(stage.session.state).toBe('offline');
  });
});

describe('E6: the session is over', () => {
  test.each(['SUPERSEDED', 'EXPIRED', 'WRONG_SECRET', 'VERSION'])('after %s', (code) => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a'));
    stage.hear({ kind: 'goodbye', code, message: 'over', retryAfterMs: 1 });
    expect(stage.told().at(-1)).toEqual({ kind: 'ended', code, message: 'over' });
    expect(stage.session.state).toBe('closed');
    expect(stage.session.nextTimeout()).toBeNull();
    const result = stage.do({ kind: 'send', parts: [bcast('b')] });
    expect(result).toEqual({ kind: 'refused', code: 'CLOSED' });
  });

  test('after a welcome in a version that it did not offer (V6)', () => {
    const stage = new Stage();
    stage.session.start(0);
    stage.session.opened(1, 0);
    const welcome = { kind: 'welcome', version: 2, clientId: me, session: 1, head: at(1) };
    stage.hear({ ...welcome, heartbeatMs: 1, messageBytes: 1 } as FromServer);
    expect(stage.toldOf('ended')).toMatchObject([{ code: 'VERSION' }]);
    expect(stage.session.state).toBe('closed');
  });

  test('after any goodbye that names no time to come back', () => {
    const stage = new Stage().connect();
    stage.hear({ kind: 'goodbye', code: 'MALFORMED', message: '' });
    expect(stage.session.state).toBe('closed');
  });

  test('… but not when a slow network made the server miss the hello', () => {
    const stage = new Stage().connect();
    stage.hear({ kind: 'goodbye', code: 'NO_HELLO', message: '' });
    expect(stage.session.state).toBe('offline');
  });

  test('after close, which says bye', () => {
    const stage = new Stage().connect();
    stage.said();
    stage.do({ kind: 'close' });
    expect(stage.said()).toEqual([{ kind: 'bye' }]);
    expect(stage.effects.at(-1)).toMatchObject({ kind: 'emit', event: { code: 'CLOSED' } });
  });
});

describe('E8: a server that breaks the protocol', () => {
  const welcome = { kind: 'welcome', version: 1, clientId: me, session: 1, head: at(1) };
  const block = { requestId: 99, group: room, at: at(20) };
  const begin = { ...block, created: 1, mark: 0 };
  const empty = { stateful: true, absenceMs: 1, properties: [], members: [], locks: [] };
  const lists: readonly (readonly [string, object])[] = [
    ['a second welcome', { ...welcome, heartbeatMs: 1, messageBytes: 1 }],
    ['a position that goes back', delivery(room, 9)],
    ['a position again', delivery(room, 10)],
    ['a group that is not followed', delivery(group('elsewhere'), 11)],
    ['a block nobody asked for', { kind: 'resume_begin', ...begin, after: at(10) }],
    [
      'a transfer nobody asked for',
      { kind: 'transfer_begin', purpose: 'join', ...begin, ...empty },
    ],
    ['objects without a transfer', { kind: 'transfer_objects', ...block, updates: [] }],
    ['an end without a beginning', { kind: 'resume_end', ...block }],
    ['a transfer that ends unbegun', { kind: 'transfer_end', ...block }],
    ['an acknowledgement for another', { kind: 'ack', ...block, senderId: other, localId: 1 }],
    ['a refusal of no request', { kind: 'request_refused', requestId: 99, code: 'X', message: '' }],
    ['a status nobody asked for', { kind: 'status', requestId: 99 }],
  ];

  function delivery(name: string, seq: number): object {
    return { kind: 'delivery', group: name, at: at(seq), time: 0, events: [event.bcast(other, 1)] };
  }

  test.each(lists)('%s', (_, message) => {
    const stage = new Stage().joined(10);
    const before = stage.session.group(room)?.last;
    stage.hear(message as FromServer);
    const told = stage.told();
    expect(told.map(({ kind }) => kind)).toEqual(['violation', 'connection']);
    expect(stage.effects.at(-1)?.kind).toBe('emit');
    expect(stage.effects.some(({ kind }) => kind === 'close')).toBe(true);
    expect(stage.session.group(room)?.last).toEqual(before);
    stage.said();
    stage.connect();
    expect(stage.saidOf('join')).toMatchObject([{ groups: [{ after: at(10) }] }]);
  });

  test('a message before the welcome', () => {
    const stage = new Stage();
    stage.session.start(0);
    stage.hear(delivery(room, 1) as FromServer);
    expect(stage.toldOf('violation')).toHaveLength(1);
  });

  test('a delivery before the block that was asked for', () => {
    const stage = new Stage().joined(10).cut().connect();
    stage.deliver(11, event.bcast(other, 1));
    expect(stage.toldOf('violation')).toHaveLength(1);
  });

  test('a resume at another position', () => {
    const stage = new Stage().joined(10).cut().connect();
    const requestId = stage.saidOf('join').at(-1)?.requestId ?? 0;
    const wrong = { ...begin, requestId, after: at(12) };
    stage.hear({ kind: 'resume_begin', ...wrong });
    expect(stage.toldOf('violation')).toHaveLength(1);
  });

  test('another client id than asked for', () => {
    const stage = new Stage();
    stage.session.start(0);
    stage.session.opened(1, 0);
    const other_ = { ...welcome, clientId: other, heartbeatMs: 1, messageBytes: 1 };
    stage.hear(other_ as FromServer);
    expect(stage.toldOf('violation')).toHaveLength(1);
  });

  test('a frame that could not be read', () => {
    const stage = new Stage().joined(10);
    stage.session.unreadable(stage.connection, 'nonsense', 0);
    expect(stage.told().map(({ kind }) => kind)).toEqual(['violation', 'connection']);
  });

  test('answers about submissions that are not pending mean nothing', () => {
    const stage = new Stage().joined(10);
    stage.ack(7, 11).refuse(8, 'LOCKED', 12);
    stage.hear({ kind: 'waiting', group: room, localId: 9 as never, at: at(13), holders: [] });
    stage.hear({ kind: 'resend', group: room, mark: 3 });
    expect(stage.told()).toEqual([]);
    expect(stage.session.state).toBe('online');
  });
});

test('inputs of a connection that was given up are ignored', () => {
  const stage = new Stage().joined(10);
  const old = stage.connection;
  stage.cut().connect().resume(20);
  stage.told();
  const late = { kind: 'delivery', group: room, at: at(21), time: 0 } as const;
  stage.session.received(old, { ...late, events: [event.bcast(other, 1)] }, 0);
  stage.session.closed(old, 0);
  stage.session.opened(old, 0);
  expect(stage.told()).toEqual([]);
  expect(stage.session.state).toBe('online');
});

describe('sender-exclusive', () => {
  test('the own message is not handed over, the rest of its delivery is', () => {
    const stage = new Stage().joined(10);
    stage.send(bcast('a', true));
    stage.deliver(11, event.bcast(me, 1, 'a', true), event.write(me, 1, 'doc'));
    const told = stage.told();
    expect(told).toMatchObject([
      { kind: 'message', own: true, events: [{ kind: 'obj_state' }] },
      { kind: 'settled' },
    ]);
  });
});

describe('volatile messages', () => {
  const message = (after: number, text: string): FromServer => ({
    kind: 'volatile',
    group: room,
    after,
    senderId: other,
    data: bytes(text),
  });

  test('wait for what they were sent after', () => {
    const stage = new Stage().joined(10).hear(message(10, 'now'), message(12, 'later'));
    expect(stage.toldOf('volatile')).toHaveLength(1);
    stage.deliver(12, event.bcast(other, 1));
    expect(stage.told().map(({ kind }) => kind)).toEqual(['message', 'volatile']);
  });

  test('keep the order of their sender', () => {
    const stage = new Stage().joined(10).hear(message(12, 'first'), message(10, 'second'));
    expect(stage.toldOf('volatile')).toEqual([]);
    stage.deliver(12, event.bcast(other, 1));
    const texts = stage.toldOf('volatile').map(({ data }) => new TextDecoder().decode(data));
    expect(texts).toEqual(['first', 'second']);
  });

  test('are bounded: the oldest goes', () => {
    const stage = new Stage().joined(10);
    for (let i = 0; i < 300; i++) stage.hear(message(12, String(i)));
    stage.deliver(12, event.bcast(other, 1));
    const texts = stage.toldOf('volatile').map(({ data }) => new TextDecoder().decode(data));
    expect(texts).toHaveLength(256);
    expect(texts[0]).toBe('44');
  });

  test('are sent now or never', () => {
    const stage = new Stage();
    stage.do({ kind: 'volatile', group: room, data: bytes('x') });
    stage.connect();
    expect(stage.saidOf('volatile')).toEqual([]);
    stage.do({ kind: 'volatile', group: room, data: bytes('x') });
    expect(stage.saidOf('volatile')).toHaveLength(1);
  });
});
