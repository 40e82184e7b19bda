/** Memory that a processor was lent (G1). */
import { expect, test } from 'vitest';
import { Loans } from '../../src/memory/loans.ts';

const checksumBytes = 4;

/** Messages that lie in one buffer, behind some other bytes. */
function messagesOf(...lengths: readonly number[]): readonly Uint8Array[] {
  const buffer = new Uint8Array(8 + lengths.reduce((sum, length) => sum + length, 0));
  let at = 8;
  return lengths.map((length) => {
    at += length;
    return buffer.subarray(at - length, at);
  });
}

test('G1 a datagram that was returned is given back when the effects were performed, and not before', () => {
  const loans = new Loans(checksumBytes);
  const datagram = new Uint8Array(1_000);
  loans.returned(datagram.subarray(0, datagram.length - checksumBytes));
  expect(datagram.buffer.detached).toBe(false);
  loans.settle();
  expect(datagram.buffer.detached).toBe(true);
});

test('G1 a buffer with several messages is given back when all of them were returned', () => {
  const loans = new Loans(checksumBytes);
  const [first, second, third] = messagesOf(300, 5_000, 400);
  if (first === undefined || second === undefined || third === undefined) expect.unreachable();
  loans.lend([first, second, third]);
  loans.returned(third);
  loans.returned(first);
  loans.settle();
  expect(second.length).toBe(5_000);
  loans.returned(second);
  loans.settle();
  expect(second.length).toBe(0);
});

test('G1 a buffer in which something else lies is left to the collector', () => {
  const loans = new Loans(checksumBytes);
  const [one, other] = messagesOf(900, 900);
  if (one === undefined || other === undefined) expect.unreachable();
  loans.returned(one);
  loans.returned(other);
  loans.settle();
  expect([one.length, other.length]).toEqual([900, 900]);
});

test.each([10, 0])('a buffer with a message of %i bytes is left to the collector', (length) => {
  const loans = new Loans(checksumBytes);
  const messages = messagesOf(1_000, length);
  loans.lend(messages);
  for (const message of messages) loans.returned(message);
  loans.settle();
  expect(messages.map(({ length }) => length)).toEqual([1_000, length]);
});
