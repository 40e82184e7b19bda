/** Protected datagrams are read without taking part. */
import { expect, test } from 'vitest';
import { EnvelopeReader } from '../../src/envelope/envelope-reader.ts';
import { KeyRing } from '../../src/envelope/key-ring.ts';
import { kinds } from '../../src/envelope/layout.ts';
import { Transmission } from '../../src/envelope/transmission.ts';

const key = { id: 7, key: Buffer.alloc(32, 1) };
const other = { id: 7, key: Buffer.alloc(32, 2) };
const transmitter = Buffer.alloc(16, 0xab);
const name = 'ab'.repeat(16);
const asked = Buffer.alloc(16, 0xcd);
const sender = () => new Transmission(transmitter, new KeyRing([key]), () => 0);
const head = { keyId: 7, transmitter: name, counter: 1 };

test('data is opened with its key', () => {
  const message = Buffer.from('a message');
  const datagram = sender().seal(kinds.data, message);
  const reading = new EnvelopeReader([key]).read(datagram);
  expect(reading).toEqual({ result: 'data', head: { kind: 'data', ...head }, message });
  // Freshness is not judged: tools show recordings.
  expect(new EnvelopeReader([key]).read(datagram)).toEqual(reading);
});

test('without its key the head is read', () => {
  const datagram = sender().seal(kinds.data, Buffer.from('a message'));
  const closed = { result: 'closed', head: { kind: 'data', ...head } };
  expect(new EnvelopeReader([]).read(datagram)).toEqual({ ...closed, why: 'key' });
  expect(new EnvelopeReader([other]).read(datagram)).toEqual({ ...closed, why: 'tag' });
});

test('challenges and answers (X7, X8)', () => {
  const transmission = sender();
  const nonce = Buffer.alloc(16);
  const challenge = transmission.seal(kinds.challenge, Buffer.concat([asked, nonce]));
  const floor = Buffer.from([0, 0, 0, 0, 0, 0, 1, 2]);
  const answer = transmission.seal(kinds.answer, Buffer.concat([asked, nonce, floor]));
  const reader = new EnvelopeReader([key]);
  expect(reader.read(challenge)).toEqual({
    result: 'challenge',
    head: { kind: 'challenge', ...head },
    asked: 'cd'.repeat(16),
  });
  expect(reader.read(answer)).toEqual({
    result: 'answer',
    head: { kind: 'answer', ...head, counter: 2 },
    challenger: 'cd'.repeat(16),
    floor: 258,
  });
  const short = transmission.seal(kinds.answer, Buffer.concat([asked, nonce]));
  expect(reader.read(short)).toMatchObject({ result: 'malformed' });
});

test('a head that cannot be is told', () => {
  const reader = new EnvelopeReader([key]);
  const datagram = sender().seal(kinds.data, Buffer.alloc(0));
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(datagram);
    copy[at] = value;
    return reader.read(copy);
  };
  expect(reader.read(datagram.subarray(0, 47))).toMatchObject({
    problem: expect.stringContaining('shorter'),
  });
  expect(changed(4, 2)).toMatchObject({ problem: expect.stringContaining('version') });
  expect(changed(5, 3)).toMatchObject({ problem: expect.stringContaining('kind') });
  expect(changed(24, 255)).toMatchObject({ problem: expect.stringContaining('counter') });
});
