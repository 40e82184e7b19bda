/** How soon all who are left know it when a node ends or is cut off, and all when it is back. */
import type { Views } from '../views.ts';
import type { SharedWork } from '../work.ts';

const withinMs = 60_000;
const victim = 3;
const survivors = [1, 2] as const;
const all = [...survivors, victim] as const;

export const kill: SharedWork = {
  name: 'kill',
  summary: 'kill -9 of one of 3 nodes, until both others have the new view',
  metrics: [{ name: 'view', unit: 'ms', better: 'less', target: atMost(800) }],
  measure: ({ system }) =>
    watched(system.watch(), async (views) => {
      const view = await timed(views, survivors, () => system.kill(victim));
      return new Map([['view', view]]);
    }),
};

export const cut: SharedWork = {
  name: 'cut',
  summary:
    'the link of one of 3 nodes cut, until both others have the new view; healed, until it is whole',
  metrics: [
    { name: 'view', unit: 'ms', better: 'less', target: atMost(1_200) },
    { name: 'whole again', unit: 'ms', better: 'less', target: atMost(2_000) },
  ],
  measure: ({ system, network }) =>
    watched(system.watch(), async (views) => {
      const here = network.hosts.filter(({ number }) => number !== victim);
      const there = network.hosts.filter(({ number }) => number === victim);
      try {
        const view = await timed(views, survivors, () => network.cut(here, there));
        const whole = await timed(views, all, () => network.heal());
        return new Map([
          ['view', view],
          ['whole again', whole],
        ]);
      } finally {
        network.heal();
      }
    }),
};

async function watched<T>(watching: Promise<Views>, use: (views: Views) => Promise<T>): Promise<T> {
  const views = await watching;
  try {
    return await use(views);
  } finally {
    await views.stop();
  }
}

/** The ms from what is done until the nodes are in a view of just themselves. */
async function timed(views: Views, nodes: readonly number[], act: () => void): Promise<number> {
  const sinceNs = process.hrtime.bigint();
  act();
  const untilNs = await views.until(nodes, nodes.length, { sinceNs, withinMs });
  return Number(untilNs - sinceNs) / 1e6;
}

function atMost(value: number) {
  return { bound: 'at most', value } as const;
}
