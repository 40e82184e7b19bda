/** Where a processor sends what is meant for one other alone. */
import { asRetransmission, encode, groupId, type ProcessorId, processorId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { AddressBook, strangersMax } from '../../src/udp/address-book.ts';
import { encodeDestination } from '../../src/udp/destination.ts';

const group = groupId(7);
const own = { address: '127.0.0.1', port: 1 };
const seed = { address: '127.0.0.1', port: 2 };
const told = { address: '127.0.0.1', port: 3 };
const seen = { address: '127.0.0.1', port: 4 };
const elsewhere = { address: '127.0.0.1', port: 5 };

function processor(number: number): ProcessorId {
  return processorId(number, 1);
}

/** A message of this processor. */
function messageOf(source: ProcessorId): Uint8Array {
  const counters = { sequence: 0, timestamp: 0, ack: 0 };
  const part = { first: true, last: true, restart: false, request: null };
  const body = { type: 'regular', parts: [{ ...part, bytes: new Uint8Array(3) }] } as const;
  return encode({ order: 'big', source, group, ...counters }, body);
}

function newBook(): AddressBook {
  return new AddressBook(own, [seed]);
}

test('who told no address is reached where its last message came from', () => {
  const book = newBook();
  expect(book.of(processor(9))).toBeUndefined();
  book.heard(messageOf(processor(9)), elsewhere);
  book.heard(messageOf(processor(9)), seen);
  expect(book.of(processor(9))).toEqual(seen);
});

test('what a stranger is said to have sent changes no address that members know, or have known', () => {
  const book = newBook();
  book.heard(messageOf(processor(9)), elsewhere);
  book.learn(group, processor(9), encodeDestination(told));
  expect(book.of(processor(9))).toEqual(told);
  book.heard(messageOf(processor(9)), elsewhere);
  expect(book.of(processor(9))).toEqual(told);
  book.forget(group, processor(9));
  book.heard(messageOf(processor(9)), elsewhere);
  expect(book.of(processor(9))).toEqual(told);
});

test('strangers are sent nothing that is meant for a group, or for anyone', () => {
  const book = newBook();
  book.heard(messageOf(processor(9)), seen);
  expect([...book.group(group)]).toEqual([]);
  expect([...book.anyone()]).toEqual([seed]);
});

test('a message that was sent again tells nothing, since any holder may have sent it', () => {
  const book = newBook();
  const message = messageOf(processor(9));
  book.heard(asRetransmission(message), elsewhere);
  book.heard(message.subarray(1), elsewhere);
  expect(book.of(processor(9))).toBeUndefined();
  book.heard(message, seen);
  book.heard(asRetransmission(message), elsewhere);
  expect(book.of(processor(9))).toEqual(seen);
});

test(`of more than ${strangersMax} strangers those are forgotten who were silent the longest`, () => {
  const book = newBook();
  book.learn(group, processor(1), encodeDestination(told));
  for (let number = 2; number < strangersMax + 2; number += 1) {
    book.heard(messageOf(processor(number)), seen);
  }
  book.heard(messageOf(processor(2)), seen);
  book.heard(messageOf(processor(strangersMax + 2)), seen);
  expect(book.of(processor(1))).toEqual(told);
  expect(book.of(processor(2))).toEqual(seen);
  expect(book.of(processor(3))).toBeUndefined();
  expect(book.of(processor(strangersMax + 2))).toEqual(seen);
});

test('an address of version 6 is one however it is written: it is asked once, and not when it is the own', () => {
  const own6 = { address: 'fd00::1', port: 1 };
  const seed6 = { address: 'fd00:0:0::2', port: 2 };
  const book = new AddressBook(own6, [{ ...own6, address: 'FD00:0::1' }, seed6]);
  book.learn(group, processor(9), encodeDestination(seed6));
  book.learn(group, processor(8), encodeDestination(own6));
  expect([...book.anyone()]).toHaveLength(1);
});
