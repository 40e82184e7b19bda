import { processorId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { OwnLines } from '../../src/commands/group/join/own-lines.ts';

const [ann, bob, bobAgain] = [processorId(1, 1), processorId(2, 1), processorId(2, 2)];

function said(by: typeof ann, count: number, lines = new OwnLines()): OwnLines {
  for (let line = 0; line < count; line += 1) {
    lines.read();
    lines.said(by);
  }
  return lines;
}

test('a line is missing from when it is read until it comes back, and those of others do not count', () => {
  const lines = new OwnLines();
  lines.read();
  expect([lines.open, lines.missing]).toEqual([0, 1]);
  lines.said(bob);
  expect([lines.open, lines.missing]).toEqual([1, 1]);
  lines.heard(ann);
  expect([lines.open, lines.missing]).toEqual([1, 1]);
  lines.heard(bob);
  expect([lines.open, lines.missing]).toEqual([0, 0]);
});

test('W2: what was said before an exclusion never comes back; what is said after it does', async () => {
  const lines = said(bob, 3);
  lines.heard(bob);
  said(bobAgain, 1, lines);
  expect(lines.excluded(bobAgain)).toBe(2);
  expect([lines.open, lines.missing]).toEqual([1, 3]);
  lines.heard(bobAgain);
  await lines.settled;
  expect([lines.open, lines.missing]).toEqual([0, 2]);
});

test('who waits is told when the last line came back, or never will', async () => {
  const back = said(bob, 2);
  const isBack = back.settled;
  back.heard(bob);
  back.heard(bob);
  await isBack;
  const lost = said(bob, 1);
  const isLost = lost.settled;
  lost.excluded(undefined);
  await isLost;
});
