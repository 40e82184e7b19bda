/** Who asked, and turned back while the members had to wait with its Join. */
import { describe, expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

/** The fourth asks, and turns back at once; it cannot be added for so long, since the third is leaving. */
function turnedBack(heldUpMs: number): Cluster {
  const cluster = Cluster.formed(3, { beside: 1 });
  cluster.leaveLacking(3);
  cluster.at(4).join(group, cluster.now);
  cluster.run(5);
  cluster.at(4).leave(group, cluster.now);
  cluster.run(heldUpMs);
  cluster.isCut = () => false;
  cluster.run(3_000);
  return cluster;
}

describe('who turns back while its Join has to wait', () => {
  test.each([100, 380, 430, 480])(
    'is there when it is added, which is held up for %i ms, and leaves',
    (ms) => {
      const cluster = turnedBack(ms);
      const [one, two] = cluster.processors.map(({ id }) => id);
      const after = cluster.of(1, 'view').slice(3);
      expect(after.map(({ view }) => view.cause)).toEqual(['removed', 'added', 'removed']);
      expect(after.at(-1)?.view.members).toEqual([one, two]);
      expect(cluster.of(4, 'view')).toHaveLength(1);
      expect(cluster.of(4, 'left')).toHaveLength(1);
      expect(cluster.of(4, 'excluded')).toEqual([]);
    },
  );

  test.each([650, 1_000])('is not added when that is held up for %i ms, and has left', (ms) => {
    const cluster = turnedBack(ms);
    expect(cluster.of(1, 'view').slice(3)).toHaveLength(1);
    expect(cluster.of(4, 'view')).toEqual([]);
    expect(cluster.of(4, 'left')).toHaveLength(1);
  });
});
