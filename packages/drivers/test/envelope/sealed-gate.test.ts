import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { KeyRing } from '../../src/envelope/key-ring.ts';
import { readHead } from '../../src/envelope/layout.ts';
import { strangersMax } from '../../src/envelope/strangers.ts';
import { transmittersMax } from '../../src/envelope/transmitters.ts';
import { newKey, Wire } from './gates.ts';

const key = newKey(1);

describe('a datagram', () => {
  test('comes through as it was, and cannot be read on the way', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    const datagram = one.send('a word', other);
    expect(other.passed).toEqual(['a word']);
    expect(Buffer.from(datagram).includes('a word')).toBe(false);
  });

  test('is refused when any one bit of it is changed', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    one.send('first', other);
    const datagram = one.seal('second');
    for (let bit = 0; bit < 8 * datagram.length; bit += 1) {
      const changed = Uint8Array.from(datagram);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      other.arrive(changed, one.port);
    }
    expect(other.passed).toEqual(['first']);
    other.arrive(datagram, one.port);
    expect(other.passed).toEqual(['first', 'second']);
  });

  test('is refused at every length that is not its own', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    const datagram = one.seal('cut');
    for (let length = 0; length < datagram.length; length += 1) {
      other.arrive(datagram.subarray(0, length), one.port);
    }
    expect(other.passed).toEqual([]);
    expect(other.refused('short') + other.refused('forged')).toBe(datagram.length);
  });

  test('of another key is refused and counted', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([newKey(1)]), wire.end([key])];
    one.send('stranger', other);
    wire.end([newKey(2)]).send('unknown key', other);
    expect(other.passed).toEqual([]);
    expect([other.refused('forged'), other.refused('key')]).toEqual([1, 1]);
    expect(other.replies).toEqual([]);
  });

  test('that seems to come from port 0 is refused: it cannot be answered', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    other.arrive(one.seal('moved on the way'), 0);
    expect([other.replies, other.passed, other.refused('port')]).toEqual([[], [], 1]);
  });

  test('that comes back to its sender is nothing', () => {
    const wire = new Wire();
    const one = wire.end([key]);
    one.arrive(one.seal('echo'), one.port);
    expect([one.passed, one.gate.refused.size]).toEqual([[], 0]);
  });
});

describe('a recording', () => {
  test('of a datagram that was taken is refused', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    const datagrams = ['a', 'b', 'c'].map((word) => one.send(word, other));
    for (const datagram of datagrams) other.arrive(datagram, one.port);
    expect(other.passed).toEqual(['a', 'b', 'c']);
    expect(other.refused('replayed')).toBe(3);
  });

  test('is refused by who has just started, whether or not its transmitter is there', () => {
    const wire = new Wire();
    const [one, old] = [wire.end([key]), wire.end([key])];
    const recording = Array.from({ length: 20 }, (_, n) => one.send(`old ${n}`, old));
    wire.now += 3_600_000;
    const newcomer = wire.end([key]);
    wire.isOpen = false;
    for (const datagram of recording) newcomer.arrive(datagram, one.port);
    wire.isOpen = true;
    wire.now += 2_000;
    for (const datagram of recording) newcomer.arrive(datagram, one.port);
    expect(newcomer.passed).toEqual([]);
    one.send('new', newcomer);
    for (const datagram of recording) newcomer.arrive(datagram, one.port);
    expect(newcomer.passed).toEqual(['new']);
  });

  test('of an answer proves nothing', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    const datagram = one.send('word', other);
    const newcomer = wire.end([key]);
    wire.isOpen = false;
    newcomer.arrive(datagram, one.port);
    for (const answer of one.replies) newcomer.arrive(answer, one.port);
    expect(newcomer.passed).toEqual([]);
    expect(newcomer.refused('misplaced')).toBe(1);
  });
});

describe('a stranger', () => {
  test('is let in with what it sent first, once it has answered', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    wire.isOpen = false;
    const first = ['a', 'b', 'c'].map((word) => one.send(word, other));
    expect([first.length, other.passed]).toEqual([3, []]);
    wire.isOpen = true;
    expect(other.replies).toHaveLength(1);
    for (const challenge of other.replies) one.arrive(challenge, other.port);
    expect(other.passed).toEqual(['a', 'b', 'c']);
  });

  test('is challenged at most every 100 ms', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    wire.isOpen = false;
    for (let n = 0; n < 50; n += 1) {
      one.send('a', other);
      wire.now += 10;
    }
    expect(other.replies).toHaveLength(5);
  });

  test('that does not answer leaves room for others, however many there are', () => {
    const wire = new Wire();
    const other = wire.end([key]);
    wire.isOpen = false;
    for (let n = 0; n < 4 * strangersMax; n += 1) wire.end([key]).send('a', other);
    wire.isOpen = true;
    wire.end([key]).send('genuine', other);
    expect(other.passed).toEqual(['genuine']);
  });

  test('costs no more than its share: beyond 512 at once they are refused unread', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    one.send('known', other);
    for (let n = 0; n < 2_000; n += 1) {
      const forged = Buffer.from(one.seal('x'));
      forged.set(randomBytes(16), 8);
      other.arrive(forged, one.port);
    }
    // Its datagram and its answer came before them.
    expect(other.refused('too-many-strangers')).toBe(2_000 - (512 - 2));
    one.send('still', other);
    expect(other.passed).toEqual(['known', 'still']);
  });

  test('may come again after it was forgotten for too many others', () => {
    const wire = new Wire();
    const [one, other] = [wire.end([key]), wire.end([key])];
    one.send('before', other);
    for (let n = 0; n < transmittersMax; n += 1) {
      wire.now += 5;
      wire.end([key]).send('other', other);
    }
    wire.now += 1_000;
    one.send('after', other);
    expect([other.passed.at(0), other.passed.at(-1)]).toEqual(['before', 'after']);
    expect(other.refused('stranger-challenged')).toBe(transmittersMax + 2);
  });
});

describe('keys change without a stop', () => {
  test('old and new are taken, the last of the ring is sent, one that is gone is refused', () => {
    const wire = new Wire();
    const [old, fresh] = [newKey(1), newKey(2)];
    const [one, other] = [wire.end([old]), wire.end([old])];
    one.send('old', other);
    for (const end of [one, other]) end.gate.rekey(new KeyRing([fresh, old]));
    one.send('still old', other);
    one.gate.rekey(new KeyRing([old, fresh]));
    const datagram = one.send('new', other);
    expect(readHead(Buffer.from(datagram))).toMatchObject({ keyId: 2 });
    expect(other.passed).toEqual(['old', 'still old', 'new']);
    other.gate.rekey(new KeyRing([fresh]));
    one.gate.rekey(new KeyRing([old]));
    one.send('gone', other);
    expect([other.passed.length, other.refused('key')]).toEqual([3, 1]);
  });
});
