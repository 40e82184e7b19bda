/** A group in virtual time: what its members see. */
import { describe, expect, test } from 'vitest';
import { processorText } from '../../src/index.ts';
import { Cluster, group } from './cluster.ts';

describe('a group of three', () => {
  test('gives everybody the same messages in the same order', () => {
    const cluster = Cluster.formed(3);
    for (let n = 0; n < 50; n += 1) {
      for (const number of [1, 2, 3]) cluster.send(number, `${number}-${n}`, n % 7 === 0);
      cluster.run(1);
    }
    cluster.run(50);
    expect(cluster.texts(1)).toHaveLength(150);
    expect(cluster.texts(2)).toEqual(cluster.texts(1));
    expect(cluster.texts(3)).toEqual(cluster.texts(1));
  });

  test('delivers an agreed message two hops after it was sent, without waiting for an interval', () => {
    const cluster = Cluster.formed(3);
    cluster.run(20);
    cluster.send(1, 'quick');
    cluster.run(4);
    for (const number of [1, 2, 3]) expect(cluster.texts(number)).toEqual(['quick']);
  });

  test('delivers at the first hop what is sent while the others are idle, and they need not answer', () => {
    const cluster = Cluster.formed(3);
    cluster.run(1_000);
    cluster.send(1, 'breaks the silence');
    cluster.run(10);
    const before = [2, 3].map((number) => cluster.datagrams(number));
    for (let n = 0; n < 20; n += 1) {
      cluster.send(1, `${n}`);
      cluster.run(2);
      for (const number of [1, 2, 3]) expect(cluster.texts(number).at(-1)).toBe(`${n}`);
    }
    const during = [2, 3].map((number, at) => cluster.datagrams(number) - (before[at] ?? 0));
    expect(Math.max(...during)).toBeLessThanOrEqual(2);
  });

  test('keeps one order when those who were idle begin to speak', () => {
    const cluster = Cluster.formed(3);
    cluster.run(1_000);
    for (const number of [2, 1, 3, 3, 1, 2]) {
      for (let n = 0; n < 3; n += 1) cluster.send(1, `1 meanwhile ${n}`);
      cluster.send(number, `${number} begins`);
      cluster.run(1);
      cluster.send(1, '1 goes on');
      cluster.run(200);
    }
    expect(cluster.texts(1)).toHaveLength(30);
    expect(cluster.texts(2)).toEqual(cluster.texts(1));
    expect(cluster.texts(3)).toEqual(cluster.texts(1));
  });

  test('delivers a safe message one acknowledgement later', () => {
    const cluster = Cluster.formed(3);
    cluster.run(20);
    cluster.send(1, 'sure', true);
    cluster.run(1);
    expect(cluster.texts(1)).toEqual([]);
    cluster.run(3);
    for (const number of [1, 2, 3]) expect(cluster.texts(number)).toEqual(['sure']);
  });

  test('goes on without who is silent, once suspected by the others', () => {
    const cluster = Cluster.formed(3);
    cluster.silent.add(cluster.at(1).id);
    cluster.send(2, 'waits');
    cluster.run(300);
    expect(cluster.texts(3)).toEqual([]);
    cluster.run(300);
    expect(cluster.texts(3)).toEqual(['waits']);
    const members = cluster.of(3, 'view').at(-1)?.view.members.map(processorText);
    expect(members).toEqual(['2.00000007', '3.00000007']);
  });

  test('tells who was removed, and who is too few', () => {
    const cluster = Cluster.formed(3);
    cluster.silent.add(cluster.at(1).id);
    cluster.silent.add(cluster.at(2).id);
    cluster.run(1_000);
    expect(cluster.of(3, 'primary').at(-1)?.primary).toBe(false);
    cluster.silent.clear();
    cluster.run(1_500);
    expect(cluster.of(3, 'primary').at(-1)?.primary).toBe(true);
    expect(cluster.of(3, 'excluded')).toEqual([]);
  });

  test('lets who leaves go at one place of the order', () => {
    const cluster = Cluster.formed(3);
    cluster.send(2, 'last words');
    cluster.at(2).leave(group, cluster.now);
    cluster.run(100);
    expect(cluster.of(2, 'left')).toHaveLength(1);
    expect(cluster.texts(3)).toEqual(['last words']);
    expect(cluster.of(3, 'view').at(-1)?.view.cause).toBe('removed');
  });
});

describe('counters', () => {
  test('go on over the wrap-around of 32 bits (W7)', () => {
    const cluster = Cluster.formed(3, {
      firstSequence: 2 ** 32 - 10,
      firstTimestamp: 2 ** 32 - 40,
    });
    for (let n = 0; n < 60; n += 1) {
      cluster.send(1 + (n % 3), `${n}`);
      cluster.run(2);
    }
    cluster.run(60);
    expect(cluster.texts(1)).toHaveLength(60);
    expect(cluster.texts(2)).toEqual(cluster.texts(1));
    expect(cluster.of(1, 'deliver').at(-1)?.timestamp).toBeGreaterThan(2 ** 32);
  });
});

describe('back-pressure', () => {
  test('is full when the queue is, and says when there is room', () => {
    const cluster = Cluster.formed(2, { settings: { queueMessages: 4 } });
    for (let n = 0; n < 4; n += 1) expect(cluster.send(1, `${n}`)).toBe('queued');
    expect(cluster.send(1, 'too many')).toBe('full');
    cluster.run(10);
    expect(cluster.of(1, 'writable')).toHaveLength(1);
    expect(cluster.texts(2)).toEqual(['0', '1', '2', '3']);
  });

  test('comes from a receiver whose application takes nothing', () => {
    const settings = { backlogBytes: 1_000, windowMessages: 8, queueMessages: 20, slowMs: 500 };
    const cluster = Cluster.formed(2, { settings });
    cluster.greedless.add(cluster.at(2).id);
    let accepted = 0;
    for (let n = 0; n < 400; n += 1) {
      if (cluster.send(1, 'x'.repeat(500)) === 'queued') accepted += 1;
      cluster.run(2);
    }
    expect(accepted).toBeLessThan(60);
    expect(cluster.of(1, 'slow').at(-1)?.is).toBe(true);
  });
});
