/** Which multicast datagrams are looped back to processes of the same machine. */
import { describe, expect, test } from 'vitest';
import { Neighbours } from '../../src/udp/neighbours.ts';

const own = { address: '10.0.0.1', port: 40_000 };
const neighbour = { address: '10.0.0.1', port: 40_001 };
const stranger = { address: '10.0.0.2', port: 40_000 };
const local = ['127.0.0.1', '10.0.0.1', '10.1.0.1'];

function neighbours(): Neighbours {
  return new Neighbours(own, () => local);
}

function looped(of: Neighbours, from: number, to: number): number {
  let count = 0;
  for (let time = from; time < to; time += 10) if (of.loops(time)) count += 1;
  return count;
}

describe('alone on its machine', () => {
  test('a process loops back one datagram in a tenth of a second', () => {
    const one = neighbours();
    for (let time = 0; time < 1_000; time += 10) one.heard(stranger, time);
    expect(looped(one, 0, 1_000)).toBe(10);
  });

  test('the first datagram is looped back', () => {
    expect(neighbours().loops(0)).toBe(true);
  });

  test('knows its own datagrams', () => {
    const one = neighbours();
    expect(one.heard(own, 0)).toBe(true);
    expect(one.heard(stranger, 0)).toBe(false);
    expect(looped(one, 0, 1_000)).toBe(10);
  });
});

describe('with a neighbour', () => {
  test('every datagram is looped back, until nothing was heard of it for five seconds', () => {
    const one = neighbours();
    expect(one.heard(neighbour, 0)).toBe(false);
    expect(looped(one, 0, 5_000)).toBe(500);
    expect(looped(one, 5_000, 6_000)).toBe(10);
  });

  test('at another address of the machine, too', () => {
    const one = neighbours();
    one.heard({ address: '10.1.0.1', port: 5_000 }, 0);
    expect(looped(one, 0, 1_000)).toBe(100);
  });
});

test('the addresses of the machine are not looked up for each datagram', () => {
  let lookups = 0;
  const one = new Neighbours(own, () => {
    lookups += 1;
    return local;
  });
  for (let time = 0; time < 100; time += 1) one.heard(stranger, time);
  expect(lookups).toBe(1);
});
