/** Members that are alive and hold the others up: told to the application, and excluded where that is the policy. */
import { describe, expect, test } from 'vitest';
import { checked, decode, isRefusal, type Settings } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';

describe('who says that its application stands still', () => {
  test('is reported', () => {
    const cluster = Cluster.formed(3);
    cluster.at(2).progress(5, true);
    cluster.run(100);
    expect(cluster.of(1, 'stalled').map(({ is }) => is)).toEqual([true]);
    cluster.at(2).progress(6, false);
    cluster.run(100);
    expect(cluster.of(1, 'stalled').map(({ is }) => is)).toEqual([true, false]);
  });

  test('and excluded if that is the policy', () => {
    const cluster = Cluster.formed(3, { settings: { slowMs: 400, slowPolicy: 'exclude' } });
    cluster.at(2).progress(5, true);
    cluster.run(2_500);
    expect(cluster.of(2, 'excluded')).toHaveLength(1);
    expect(cluster.of(1, 'view').at(-1)?.view.members).toHaveLength(2);
  });

  test('keeps its place under that policy when it goes on in time', () => {
    const cluster = Cluster.formed(3, { settings: { slowMs: 1_000, slowPolicy: 'exclude' } });
    for (let times = 0; times < 5; times += 1) {
      cluster.at(2).progress(times, true);
      cluster.run(600);
      cluster.at(2).progress(times + 1, false);
      cluster.run(600);
    }
    expect(cluster.of(1, 'stalled')).toHaveLength(10);
    expect(cluster.of(1, 'view').at(-1)?.view.members).toHaveLength(3);
  });
});

describe('progress', () => {
  test('that wraps around 32 bits is progress: nobody is told as stalled', () => {
    const cluster = Cluster.formed(3, { settings: { slowMs: 400, slowPolicy: 'exclude' } });
    const two = cluster.at(2).id;
    const heard = new Set<number>();
    cluster.isCut = (from, _to, bytes) => {
      const message = decode(checked.open(bytes) ?? bytes);
      if (from !== two || isRefusal(message)) return false;
      if (message.body.type === 'heartbeat') heard.add(message.body.progress);
      return false;
    };
    const counted = [-3, -2, -1, 0, 1, 2].map((progress) => progress >>> 0);
    for (const progress of counted) {
      cluster.at(2).progress(progress, false);
      cluster.run(250);
    }
    expect([...heard]).toEqual(counted);
    for (const number of [1, 3]) {
      expect(cluster.of(number, 'stalled')).toEqual([]);
      expect(cluster.of(number, 'view').at(-1)?.view.members).toHaveLength(3);
    }
    expect(cluster.at(1).refused).toEqual(new Map());
  });
});

describe('who has not acknowledged for long', () => {
  /** The application of the second takes nothing, so its acknowledgements stand still; it is heard all along. */
  function heldUp(slowPolicy: Settings['slowPolicy']): Cluster {
    const settings = { backlogBytes: 1_024, windowMessages: 8, queueMessages: 20, slowMs: 500 };
    const cluster = Cluster.formed(3, { settings: { ...settings, slowPolicy } });
    cluster.greedless.add(cluster.at(2).id);
    for (let ms = 0; ms < 2_000; ms += 2) {
      cluster.send(1, 'x'.repeat(500));
      cluster.run(2);
    }
    return cluster;
  }

  test('is reported as slow, and goes on holding the others up if that is the policy', () => {
    const cluster = heldUp('report');
    const two = cluster.at(2).id;
    for (const number of [1, 3]) {
      expect(cluster.of(number, 'slow')).toMatchObject([{ processor: two, is: true }]);
      expect(cluster.of(number, 'view').at(-1)?.view.members).toHaveLength(3);
    }
    expect(cluster.texts(3).length).toBeLessThan(60);
  });

  test('is slow no more when its application goes on', () => {
    const cluster = heldUp('report');
    cluster.greedless.clear();
    const backlog = cluster.of(2, 'deliver').map(({ bytes }) => bytes.length);
    for (const bytes of backlog) cluster.at(2).delivered(group, bytes);
    cluster.run(1_000);
    expect(cluster.of(1, 'slow').map(({ is }) => is)).toEqual([true, false]);
  });

  test('is excluded if that is the policy, and the others go on', () => {
    const cluster = heldUp('exclude');
    const [one, , three] = cluster.processors.map(({ id }) => id);
    expect(cluster.of(2, 'excluded')).toHaveLength(1);
    for (const number of [1, 3]) {
      expect(cluster.of(number, 'view').at(-1)?.view.members).toEqual([one, three]);
      expect(cluster.of(number, 'excluded')).toEqual([]);
    }
    expect(cluster.texts(3).length).toBeGreaterThan(200);
    expect(cluster.texts(1)).toEqual(cluster.texts(3));
  });
});
