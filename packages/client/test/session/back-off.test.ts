/** How long a client waits before it tries again: docs/design/client-session.md, "Back-off". */
import { describe, expect, test } from 'vitest';
import { BackOff, backOff } from '../../src/session/back-off.ts';
import { Stage } from './stage.ts';

const { firstMs, maxMs, steadyMs } = backOff;
/** Jitter as long as it gets. */
const longest = { random: () => 1 - Number.EPSILON };

/** The wait that the application was told of last. */
function told(stage: Stage): number {
  return stage.toldOf('connection').at(-1)?.retryInMs ?? Number.NaN;
}

/** Waits, each after what `attempt` makes of the connection. */
function waits(count: number, stage: Stage, attempt: (stage: Stage) => void): readonly number[] {
  return Array.from({ length: count }, () => {
    attempt(stage);
    const wait = told(stage);
    stage.pass(wait);
    return wait;
  });
}

/** The window of each wait: from 0 to this. */
const growing = [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];

describe('how the waits grow', () => {
  test('while no server answers: twice as long each time, up to the longest', () => {
    const stage = new Stage(longest);
    stage.session.start(0);
    expect(waits(8, stage, () => stage.cut())).toEqual(growing);
    expect([growing[0], growing.at(-1)]).toEqual([firstMs, maxMs]);
  });

  test('in the same way while a server says welcome and is gone soon after', () => {
    const stage = new Stage(longest);
    const attempt = (): unknown =>
      stage
        .connect()
        .pass(steadyMs - 1)
        .cut();
    expect(waits(8, stage, attempt)).toEqual(growing);
  });

  test('in the same way while a server takes the connection and says nothing', () => {
    const stage = new Stage(longest);
    stage.session.start(0);
    const attempt = (): void => {
      stage.session.opened(stage.connection, stage.now);
      while (stage.session.state === 'connecting') stage.pass(1);
    };
    expect(waits(8, stage, attempt)).toEqual(growing);
  });

  test('anew once a session held after its welcome', () => {
    const stage = new Stage(longest);
    stage.session.start(0);
    waits(8, stage, () => stage.cut());
    stage.connect().pass(steadyMs).cut();
    expect(told(stage)).toBe(firstMs);
  });

  test('not anew for time without a welcome', () => {
    const stage = new Stage(longest);
    stage.session.start(0);
    stage.pass(steadyMs).cut();
    expect(told(stage)).toBe(firstMs);
    stage.pass(firstMs + steadyMs).cut();
    expect(told(stage)).toBe(2 * firstMs);
  });
});

describe('full jitter', () => {
  test('a wait is anywhere between nothing and its window', () => {
    const drawn = [0, 0.5, 1 - Number.EPSILON].map((value) =>
      new BackOff(() => value).next({ heldMs: steadyMs, floorMs: 0 }),
    );
    expect(drawn).toEqual([0, firstMs / 2, firstMs]);
  });

  test('what a goodbye asks to wait is waited, and up to as long again', () => {
    const drawn = [0, 0.5].map((value) => {
      const stage = new Stage({ random: () => value }).connect();
      stage.hear({ kind: 'goodbye', code: 'SHUTDOWN', message: 'bye', retryAfterMs: 5_000 });
      return told(stage);
    });
    expect(drawn).toEqual([5_000, 7_500]);
  });

  test('… but the jitter has an end, however long the server asks to wait', () => {
    const wait = new BackOff(longest.random).next({ heldMs: 0, floorMs: 3_600_000 });
    expect(wait).toBe(3_600_000 + maxMs);
  });

  test('a goodbye that asks for no wait gets the usual one', () => {
    const stage = new Stage(longest).connect();
    stage.hear({ kind: 'goodbye', code: 'IDLE', message: '', retryAfterMs: 0 });
    expect(told(stage)).toBe(firstMs);
  });
});

describe('5,000 clients of a server that was killed', () => {
  const clients = 5_000;

  /** Small and seeded, so that what is measured here does not change. */
  function seeded(seed: number): () => number {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
  }

  /** When each is back, after the server is: milliseconds, ascending. */
  function returns(outageMs: number): readonly number[] {
    const random = seeded(outageMs);
    const back = Array.from({ length: clients }, () => {
      const waiting = new BackOff(random);
      let now = waiting.next({ heldMs: 60_000, floorMs: 0 });
      while (now < outageMs) now += waiting.next({ heldMs: 0, floorMs: 0 });
      return now - outageMs;
    });
    return back.sort((one, other) => one - other);
  }

  /** The most that come in one tenth of a second. */
  function herd(times: readonly number[]): number {
    const tenths = new Map<number, number>();
    for (const time of times) {
      const tenth = Math.floor(time / 100);
      tenths.set(tenth, (tenths.get(tenth) ?? 0) + 1);
    }
    return Math.max(...tenths.values());
  }

  test.each([1_000, 3_000, 10_000, 60_000])('all are back within 10 s of it (%i ms)', (ms) => {
    expect(returns(ms).at(-1)).toBeLessThan(10_000);
  });

  test.each([
    [300, 1_500],
    [1_000, 800],
    [10_000, 200],
    [60_000, 200],
  ])('not as one herd: after %i ms no more than %i in 100 ms', (outageMs, most) => {
    expect(herd(returns(outageMs))).toBeLessThan(most);
  });

  test('half of them soon after a short outage', () => {
    const back = returns(1_000);
    expect(back[clients / 2]).toBeLessThan(1_000);
  });
});
