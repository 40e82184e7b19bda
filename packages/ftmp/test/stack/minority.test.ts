/** P6, S34: who was told that its side is no quorum is given nothing until it is told that it is one again. */
import { describe, expect, test } from 'vitest';
import { Cluster, group } from './cluster.ts';

/** What a processor was told of its group, in order: `text`, `primary`, `no primary`, `view 3`, … */
function told(cluster: Cluster, number: number): readonly string[] {
  return (cluster.effects[number - 1] ?? []).flatMap((effect) => {
    switch (effect.kind) {
      case 'deliver':
        return [new TextDecoder().decode(effect.bytes)];
      case 'primary':
        return [effect.primary ? 'primary' : 'no primary'];
      case 'view':
        return [`view ${effect.view.members.length}`];
      case 'excluded':
      case 'left':
        return [effect.kind];
      default:
        return [];
    }
  });
}

/** The third has listened long enough for the others to promise to be silent, and hears them no more; `each`: nor do they each other. */
function cutOff({ each = false }: { readonly each?: boolean } = {}): Cluster {
  const cluster = Cluster.formed(3);
  for (let beats = 0; beats < 20; beats += 1) {
    cluster.send(3, 'before');
    cluster.run(50);
  }
  const { id } = cluster.at(3);
  cluster.isCut = (from, to) => each || from === id || to === id;
  cluster.run(600);
  cluster.effects[2]?.splice(0);
  return cluster;
}

function heal(cluster: Cluster): void {
  cluster.isCut = () => false;
}

describe('in a minority', () => {
  test('what it says itself is not given to it, though the others promised to be silent', () => {
    const cluster = cutOff();
    for (let count = 0; count < 50; count += 1) {
      cluster.send(3, 'alone');
      cluster.run(20);
    }
    expect(told(cluster, 3)).toEqual(expect.not.arrayContaining(['alone']));
  });

  test('when it was not removed it is given all of it, behind the news that it is primary again', () => {
    // Nobody can remove anybody.
    const cluster = cutOff({ each: true });
    for (const text of ['one', 'two', 'three']) {
      cluster.send(3, text);
      cluster.run(20);
    }
    expect(told(cluster, 3)).toEqual([]);
    heal(cluster);
    cluster.run(2_000);
    expect(told(cluster, 3).slice(0, 4)).toEqual(['primary', 'one', 'two', 'three']);
    expect(cluster.texts(1).slice(-3)).toEqual(['one', 'two', 'three']);
  });

  test('when it was removed it never is', () => {
    const cluster = cutOff();
    cluster.send(3, 'alone');
    cluster.run(500);
    heal(cluster);
    cluster.run(5_000);
    expect(told(cluster, 3)).toEqual(['excluded']);
    expect(cluster.texts(1)).not.toContain('alone');
  });
});

describe('the majority', () => {
  test('goes on, and is told nothing of a minority', () => {
    const cluster = cutOff();
    cluster.send(1, 'on');
    cluster.run(100);
    expect(told(cluster, 1).slice(-2)).toEqual(['view 2', 'on']);
    expect(told(cluster, 1)).not.toContain('no primary');
  });
});

test('who hears of those who left while it missed them goes on, and is told so first', () => {
  // The first two leave, and are gone before the third has all that the fourth has of them.
  const cluster = Cluster.formed(4);
  const [first, second, third] = cluster.processors.map(({ id }) => id);
  cluster.at(1).leave(group, cluster.now);
  cluster.at(2).leave(group, cluster.now);
  let isDeaf = false;
  cluster.isCut = (from, to) => isDeaf && to === third && (from === first || from === second);
  cluster.run(2);
  isDeaf = true;
  cluster.run(2_000);
  const last = told(cluster, 3).slice(-1);
  expect(last).toEqual(['view 2']);
  expect(told(cluster, 4).slice(-1)).toEqual(['view 2']);
});
