/** T6: a lookahead outlives who told it, so nobody acknowledges a change of membership for its sake. */
import { describe, expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

/** Three of them; the first has just promised to be silent for long, and is dead. */
function bereaved(): Cluster {
  const cluster = Cluster.formed(3, { beside: 1 });
  cluster.run(2_000);
  for (const number of [2, 3]) cluster.send(number, 'up to where it had promised silence');
  cluster.run(200);
  cluster.silent.add(cluster.at(1).id);
  return cluster;
}

describe('behind a death that nobody has noticed', () => {
  test('agreed messages still come by the lookahead of the dead', () => {
    const cluster = bereaved();
    cluster.send(3, 'anybody there?');
    cluster.run(10);
    expect(cluster.texts(2).at(-1)).toBe('anybody there?');
  });

  test('who leaves does not take away the quorum of the others', () => {
    const cluster = bereaved();
    cluster.at(3).leave(group, cluster.now);
    cluster.run(3_000);
    expect(cluster.of(3, 'left')).toHaveLength(1);
    expect(cluster.of(2, 'view').at(-1)?.view.members).toEqual([cluster.at(2).id]);
  });

  test('nor does who is added and dies as well', () => {
    const cluster = bereaved();
    cluster.at(4).join(group, cluster.now);
    cluster.run(40);
    cluster.silent.add(cluster.at(4).id);
    cluster.run(3_000);
    const members = [2, 3].map((number) => cluster.at(number).id);
    expect(cluster.of(2, 'view').at(-1)?.view.members).toEqual(members);
    expect(cluster.of(3, 'view').at(-1)?.view.members).toEqual(members);
  });
});
