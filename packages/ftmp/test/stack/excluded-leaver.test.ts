/** Who is about to leave, and is removed instead, is given what the others are given, and nothing beyond. */
import { describe, expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

describe('a leaver that nobody hears', () => {
  test('is not given safe messages that only it holds', () => {
    const cluster = Cluster.formed(3);
    cluster.run(2_000);
    cluster.send(3, 'heard by all');
    cluster.run(200);
    const three = cluster.at(3).id;
    cluster.isCut = (from) => from === three;
    cluster.send(3, 'heard by nobody', true);
    cluster.send(1, 'before the end');
    cluster.at(3).leave(group, cluster.now);
    cluster.run(2_000);
    expect(cluster.of(3, 'excluded')).toHaveLength(1);
    for (const number of [1, 2, 3]) {
      expect(cluster.texts(number)).toEqual(['heard by all', 'before the end']);
    }
  });
});
