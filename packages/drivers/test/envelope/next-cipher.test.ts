// Ciphers that are made before they are needed change nothing of what is sent and let in.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { KeyRing } from '../../src/envelope/key-ring.ts';
import { kinds } from '../../src/envelope/layout.ts';
import { Transmission } from '../../src/envelope/transmission.ts';
import { newKey, Wire } from './gates.ts';

const [old, fresh] = [newKey(1), newKey(2)];
const transmitter = randomBytes(16);
const message = Buffer.from('a message');

/** Two transmissions that may differ only in that the first is told when there is time. */
function pair(): readonly [Transmission, Transmission] {
  const ring = new KeyRing([old]);
  return [
    new Transmission(transmitter, ring, () => 0),
    new Transmission(transmitter, ring, () => 0),
  ];
}

test('X4: what is sealed is the same, whether its cipher was made before or not', () => {
  const [readied, other] = pair();
  for (let count = 0; count < 3; count += 1) {
    readied.ready();
    readied.ready();
    expect(readied.seal(kinds.data, message)).toEqual(other.seal(kinds.data, message));
  }
  expect(readied.seal(kinds.answer, message)).toEqual(other.seal(kinds.answer, message));
});

test('X9: a cipher that was made under the key before is not used', () => {
  const [readied, other] = pair();
  readied.ready();
  const ring = new KeyRing([old, fresh]);
  for (const transmission of [readied, other]) transmission.rekey(ring);
  expect(readied.seal(kinds.data, message)).toEqual(other.seal(kinds.data, message));
});

test('X5, X6: datagrams are let in when another one was expected', () => {
  const wire = new Wire();
  const [ann, ben] = [wire.end([old]), wire.end([old])];
  ann.send('first', ben);
  ben.passed.length = 0;
  const sealed = ['next', 'lost', 'late', 'early'].map((text) => ann.seal(text));
  const [next, , late, early] = sealed;
  for (const datagram of [next, early, late]) {
    ben.gate.ready();
    if (datagram !== undefined) ben.arrive(datagram, ann.port);
  }
  expect(ben.passed).toEqual(['next', 'early', 'late']);
});

test('X5: a forged datagram uses up what was expected, and the genuine one is let in', () => {
  const wire = new Wire();
  const [ann, ben] = [wire.end([old]), wire.end([old])];
  ann.send('first', ben);
  ann.send('second', ben);
  const genuine = ann.seal('third');
  const forged = Uint8Array.from(genuine);
  forged.set([(forged.at(-1) ?? 0) ^ 1], forged.length - 1);
  ben.gate.ready();
  ben.arrive(forged, ann.port);
  ben.arrive(genuine, ann.port);
  expect(ben.refused('forged')).toBe(1);
  expect(ben.passed.at(-1)).toBe('third');
});
