/** Whether more has come than was read. */
import { expect, test } from 'vitest';
import { Backlog } from '../../src/udp/backlog.ts';

const rest = { receivedBytes: 0, sentDatagrams: 0, sentBytes: 0, sendErrors: new Map() };

test('a socket that was read as often as at once may hold more', () => {
  const socket = { ...rest, receivedDatagrams: 0 };
  const backlog = new Backlog([{ ...rest, receivedDatagrams: 0 }, socket]);
  expect(backlog.isAny()).toBe(false);
  socket.receivedDatagrams += 30;
  expect(backlog.isAny()).toBe(false);
  socket.receivedDatagrams += 32;
  expect(backlog.isAny()).toBe(true);
  expect(backlog.isAny()).toBe(false);
});
