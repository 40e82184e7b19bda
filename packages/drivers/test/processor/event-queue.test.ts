/** The events of a group, for one reader. */
import { groupId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { EventQueue } from '../../src/processor/event-queue.ts';

const left = { kind: 'left', group: groupId(7), removed: false } as const;

test('who reads while another one waits is refused, and the other one is given what comes', async () => {
  const queue = new EventQueue(() => {});
  const first = queue.next();
  await expect(queue.next()).rejects.toMatchObject({ code: 'drivers-option' });
  queue.push(left);
  expect(await first).toEqual({ done: false, value: left });
});

test('a reader that waits is told of the end when it is given up', async () => {
  const queue = new EventQueue(() => {});
  const first = queue.next();
  await queue.return();
  expect(await first).toEqual({ done: true, value: undefined });
  expect(await queue.next()).toEqual({ done: true, value: undefined });
});
