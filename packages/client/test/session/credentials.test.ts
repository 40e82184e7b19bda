/** The client shows a token before hello, replaces it before it expires, and ends where none holds. */
import { describe, expect, test } from 'vitest';
import { bcast, Stage } from './stage.ts';

/** Connected, with a token that was taken for so long. */
function authorized(expiresInMs: number, random = 0): Stage {
  const stage = new Stage({ asksForToken: true, random: () => random });
  stage.session.start(0);
  stage.session.opened(1, 0);
  stage.session.token(1, 'first', 0);
  stage.hear({ kind: 'authorized', subject: 'me@home', expiresInMs });
  welcome(stage);
  stage.said();
  return stage;
}

function welcome(stage: Stage): void {
  stage.hear({
    kind: 'welcome',
    version: 1,
    clientId: 'me' as never,
    session: 1 as never,
    head: { epoch: 1, seq: 1 },
    heartbeatMs: 1_000_000,
    messageBytes: 1_000,
  });
}

/** Connections for which a token was asked for since the beginning. */
function asked(stage: Stage): readonly number[] {
  stage.said();
  return stage.effects.flatMap((effect) =>
    effect.kind === 'authenticate' ? [effect.connection] : [],
  );
}

describe('before hello', () => {
  test('a token is asked for and shown; hello does not wait for the answer', () => {
    const stage = new Stage({ asksForToken: true });
    stage.session.start(0);
    stage.session.opened(1, 0);
    expect(stage.said()).toEqual([]);
    expect(asked(stage)).toEqual([1]);
    stage.session.token(1, 'a token', 0);
    expect(stage.said().map(({ kind }) => kind)).toEqual(['credentials', 'hello']);
  });

  test('without a token the connection is given up and tried again, and it is told why', () => {
    const stage = new Stage({ asksForToken: true });
    stage.session.start(0);
    stage.session.opened(1, 0);
    stage.session.noToken(1, 'nobody is logged in', 0);
    expect(stage.session.state).toBe('offline');
    expect(stage.toldOf('connection').at(-1)?.why).toContain('nobody is logged in');
    stage.pass(10_000);
    stage.session.opened(2, stage.now);
    expect(asked(stage)).toEqual([1, 2]);
  });

  test('a token that comes for a connection that is gone means nothing', () => {
    const stage = new Stage({ asksForToken: true });
    stage.session.start(0);
    stage.session.opened(1, 0);
    stage.cut().pass(10_000);
    stage.session.opened(2, stage.now);
    stage.session.token(1, 'late', stage.now);
    stage.session.noToken(1, 'late', stage.now);
    expect(stage.said()).toEqual([]);
    expect(stage.session.state).toBe('connecting');
  });

  test('a client without tokens says hello at once', () => {
    const stage = new Stage();
    stage.session.start(0);
    stage.session.opened(1, 0);
    expect(stage.said().map(({ kind }) => kind)).toEqual(['hello']);
    stage.hear({ kind: 'authorized', subject: 'x', expiresInMs: 1 });
    expect(stage.toldOf('violation')).toHaveLength(1);
  });
});

describe('before it expires', () => {
  test('a newer one is asked for and shown', () => {
    const stage = authorized(600_000);
    stage.pass(539_999);
    expect(asked(stage)).toEqual([1]);
    stage.pass(1);
    expect(asked(stage)).toEqual([1, 1]);
    stage.session.token(1, 'second', stage.now);
    expect(stage.saidOf('credentials')).toEqual([{ kind: 'credentials', token: 'second' }]);
    stage.hear({ kind: 'authorized', subject: 'me@home', expiresInMs: 600_000 });
    stage.pass(540_000);
    expect(asked(stage)).toEqual([1, 1, 1]);
  });

  test('a short one is replaced within its time, too, and not by all at the same time', () => {
    const times = [0, 0.5, 0.99].map((random) => {
      const stage = authorized(10_000, random);
      stage.pass(5_900);
      while (asked(stage).length === 1) stage.pass(100);
      return stage.now;
    });
    expect(times).toEqual([8_000, 7_000, 6_100]);
  });

  test('the same one is not shown again', () => {
    const stage = authorized(600_000);
    stage.pass(540_000);
    stage.said();
    stage.session.token(1, 'first', stage.now);
    stage.pass(50_000);
    expect(stage.saidOf('credentials')).toEqual([]);
    expect(asked(stage)).toEqual([1, 1]);
  });

  test('if there is none, it is asked for again, and the older one holds meanwhile', () => {
    const stage = authorized(600_000);
    stage.pass(540_000);
    stage.session.noToken(1, 'the issuer is away', stage.now);
    expect(stage.session.state).toBe('online');
    stage.pass(10_000);
    expect(asked(stage)).toEqual([1, 1, 1]);
  });
});

describe('when it does not hold', () => {
  test('after CREDENTIALS_EXPIRED the client comes back with a fresh one, and nothing is lost', () => {
    const stage = authorized(600_000);
    const sent = stage.send(bcast('hello'));
    const message = 'The credentials have expired.';
    stage.hear({ kind: 'goodbye', code: 'CREDENTIALS_EXPIRED', message, retryAfterMs: 0 });
    stage.pass(10_000);
    stage.said();
    stage.session.opened(2, stage.now);
    stage.session.token(2, 'second', stage.now);
    stage.hear({ kind: 'authorized', subject: 'me@home', expiresInMs: 600_000 });
    welcome(stage);
    const said = stage.said();
    expect(said.map(({ kind }) => kind)).toEqual(['credentials', 'hello', 'submit']);
    expect(said.at(-1)).toMatchObject({ localId: sent });
  });

  test('a token that has expired is not shown again: without a newer one it is the end', () => {
    for (const isWelcome of [true, false]) {
      const stage = isWelcome ? authorized(600_000) : new Stage({ asksForToken: true });
      if (!isWelcome) {
        stage.session.start(0);
        stage.session.opened(1, 0);
        stage.session.token(1, 'first', 0);
      }
      const message = 'The credentials have expired.';
      stage.hear({ kind: 'goodbye', code: 'CREDENTIALS_EXPIRED', message, retryAfterMs: 0 });
      stage.pass(10_000);
      stage.said();
      stage.session.opened(2, stage.now);
      stage.session.token(2, 'first', stage.now);
      expect(stage.said()).toEqual([]);
      expect(stage.toldOf('ended')).toMatchObject([{ code: 'CREDENTIALS_EXPIRED' }]);
    }
  });

  test('a newer one that the server had not seen when the older expired is shown again', () => {
    const stage = authorized(600_000);
    stage.pass(540_000);
    stage.session.token(1, 'second', stage.now);
    const message = 'The credentials have expired.';
    const goodbye = { kind: 'goodbye', code: 'CREDENTIALS_EXPIRED', message } as const;
    stage.hear({ ...goodbye, retryAfterMs: 0 });
    stage.pass(10_000);
    stage.said();
    stage.session.opened(2, stage.now);
    stage.session.token(2, 'second', stage.now);
    expect(stage.saidOf('credentials')).toEqual([{ kind: 'credentials', token: 'second' }]);
    // That it is the one which has expired is certain now.
    stage.hear({ ...goodbye, retryAfterMs: 0 });
    stage.pass(10_000);
    stage.session.opened(3, stage.now);
    stage.session.token(3, 'second', stage.now);
    expect(stage.toldOf('ended')).toMatchObject([{ code: 'CREDENTIALS_EXPIRED' }]);
  });

  test('UNAUTHORIZED is the end, with what the application can do about it', () => {
    const stage = authorized(600_000);
    const message = 'The token has expired.';
    stage.hear({ kind: 'goodbye', code: 'UNAUTHORIZED', message, retryAfterMs: 0 });
    expect(stage.session.state).toBe('closed');
    expect(stage.toldOf('ended')).toMatchObject([
      {
        code: 'UNAUTHORIZED',
        message: 'The token has expired. Connect with a token that this server takes.',
      },
    ]);
    const without = new Stage();
    without.session.start(0);
    without.session.opened(1, 0);
    without.hear({
      kind: 'goodbye',
      code: 'UNAUTHORIZED',
      message: 'This server asks for a token.',
    });
    expect(without.toldOf('ended')[0]?.message).toContain('(option "token")');
  });
});

test('a submission that is not granted is refused once and for all, also one that was in doubt', () => {
  const stage = new Stage();
  stage.connect();
  const sent = stage.send(bcast('hello'));
  stage.cut();
  stage.pass(10_000);
  stage.connect();
  stage.refuse(sent, 'FORBIDDEN');
  expect(stage.toldOf('refused')).toMatchObject([{ localId: sent, code: 'FORBIDDEN', at: null }]);
  expect(stage.session.pending).toBe(0);
});
