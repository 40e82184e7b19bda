/** Who was removed without ever hearing of the group may be added again by one who does not know of that. */
import { describe, expect, test } from 'vitest';
import { messageTypes } from '../../src/wire/services.ts';
import { Cluster, group } from './cluster.ts';

describe('a joiner that was added, not heard, and removed', () => {
  test('is a member for all when a newcomer adds it', () => {
    const cluster = new Cluster(3);
    const [one, two, three] = cluster.processors.map(({ id }) => id);
    // Of the first it hears only what to name.
    cluster.isCut = (from, to, bytes) =>
      from === one && to === three && bytes[7] !== messageTypes.announce;
    cluster.at(1).join(group, cluster.now, true);
    cluster.at(3).join(group, cluster.now);
    cluster.run(3_000);
    expect(cluster.of(1, 'view').map(({ view }) => view.members)).toEqual([
      [one],
      [one, three],
      [one],
    ]);
    cluster.at(2).join(group, cluster.now);
    while (cluster.of(2, 'view').at(-1)?.view.members.length !== 3) cluster.run(1);
    cluster.isCut = () => false;
    cluster.run(3_000);
    cluster.send(3, 'here at last', true);
    cluster.run(100);
    for (const number of [1, 2, 3]) {
      expect(cluster.of(number, 'view').at(-1)?.view.members).toEqual([one, two, three]);
      expect(cluster.texts(number)).toEqual(['here at last']);
    }
  });
});
