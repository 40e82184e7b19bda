/** Who is about to leave, and is removed instead, is given the end that the others are given, or none (P2). */
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
    for (const number of [1, 2]) {
      expect(cluster.texts(number)).toEqual(['heard by all', 'before the end']);
    }
    expect(cluster.texts(3)).toEqual(['heard by all']);
  });

  test('is not given a view that the others reach without what it was given', () => {
    const cluster = Cluster.formed(3, { beside: 1 });
    cluster.run(2_000);
    const three = cluster.at(3).id;
    cluster.isCut = (from) => from === three;
    cluster.send(3, 'heard by nobody');
    cluster.run(5);
    cluster.at(3).leave(group, cluster.now);
    cluster.at(4).join(group, cluster.now);
    cluster.run(2_000);
    const views = [1, 2, 4].map((number) => cluster.of(number, 'view').at(-1)?.view.id);
    expect(cluster.texts(3)).toEqual(['heard by nobody']);
    expect(cluster.of(1, 'view').map(({ view }) => view.members.length)).toEqual([1, 2, 3, 4, 3]);
    expect(views).toEqual([views[0], views[0], views[0]]);
    expect(cluster.of(3, 'view').at(-1)?.view.members).toHaveLength(3);
    expect(cluster.of(3, 'excluded')).toHaveLength(1);
  });
});
