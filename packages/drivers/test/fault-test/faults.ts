// The faults that strike a group of real processes, each with those whom the group may drop for it.
import { defaultSettings } from '@choir/ftmp';
import type { Random } from '@choir/testkit';
import { lasts } from './clock.ts';
import type { Troupe } from './troupe.ts';

/** The least time after which a silent processor is suspected. */
export const suspicionMs = defaultSettings.suspicionMinMs;

export type Strike = {
  readonly fault: string;
  /** Whom it hits, for people. */
  readonly hit: string;
  /** Processors that the group may go on without. */
  readonly mayExclude: readonly number[];
  /** Begins, lasts and ends; resolves to the time of a kill, if it was one. */
  readonly strike: () => Promise<number | null>;
};

type Fault = (troupe: Troupe, random: Random) => Strike;

const lossPercent = 20;
const lossMs = 3_000;
const cutMs = 2_500;
const returnMs = 1_200;

export const faults: Readonly<Record<string, Fault>> = {
  'loss of 20 %': (troupe) => ({
    fault: `loss of ${lossPercent} %`,
    hit: 'all',
    mayExclude: [],
    async strike() {
      troupe.network.lose(lossPercent);
      await lasts(lossMs);
      troupe.network.heal();
      return null;
    },
  }),
  'kill -9': (troupe, random) => {
    const processor = random.pick(troupe.processors);
    return {
      fault: 'kill -9',
      hit: `${processor}`,
      mayExclude: [processor],
      async strike() {
        const at = await troupe.kill(processor);
        await lasts(returnMs);
        await troupe.start(processor);
        return at;
      },
    };
  },
  'stopped for 0.5 suspicion times': (troupe, random) => stopped(troupe, random, 0.5),
  'stopped for 1.5 suspicion times': (troupe, random) => stopped(troupe, random, 1.5),
  'stopped for 10 suspicion times': (troupe, random) => stopped(troupe, random, 10),
  'one-way cut': (troupe, random) => {
    const [some, others] = parts(troupe, random);
    return cut({ troupe, some, others, ways: 1 });
  },
  'two-way cut': (troupe, random) => {
    const [some, others] = parts(troupe, random);
    return cut({ troupe, some, others, ways: 2 });
  },
};

function stopped(troupe: Troupe, random: Random, times: number): Strike {
  const processor = random.pick(troupe.processors);
  return {
    fault: `stopped for ${times} suspicion times`,
    hit: `${processor}`,
    mayExclude: times > 1 ? [processor] : [],
    async strike() {
      troupe.pause(processor);
      await lasts(times * suspicionMs);
      troupe.resume(processor);
      return null;
    },
  };
}

function cut(plan: {
  readonly troupe: Troupe;
  readonly some: readonly number[];
  readonly others: readonly number[];
  readonly ways: 1 | 2;
}): Strike {
  const { troupe, some, others, ways } = plan;
  return {
    fault: `${ways === 1 ? 'one' : 'two'}-way cut`,
    hit: `${some} ${ways === 1 ? '>' : '|'} ${others}`,
    mayExclude: troupe.processors,
    async strike() {
      troupe.network.cutOneWay(some, others);
      if (ways === 2) troupe.network.cutOneWay(others, some);
      await lasts(cutMs);
      troupe.network.heal();
      return null;
    },
  };
}

function parts({ processors }: Troupe, random: Random): [number[], number[]] {
  const drawn = random.shuffle([...processors]);
  const at = random.int(1, drawn.length - 1);
  return [drawn.slice(0, at), drawn.slice(at)];
}
