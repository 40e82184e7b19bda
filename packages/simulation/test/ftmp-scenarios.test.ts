import { expect, test } from 'vitest';
import { crash, join, lostMessage } from '../src/index.ts';
import { expectGolden } from './golden.ts';

test('a lost message is asked for and sent again, and all deliver it at its place', () => {
  const { page, violations } = lostMessage();
  expect(violations).toEqual([]);
  expect(page).toMatch(/p3 +asks for .* of p1/);
  expect(page).toMatch(/sends Regular \d+ of p1 again/);
  expectGolden('ftmp-lost-message.txt', page);
});

test('who joins is added in the order, and delivers from there on', () => {
  const { page, violations } = join();
  expect(violations).toEqual([]);
  expect(page).toMatch(/p3 +is given view @\d+ \(joined\): p1 p2 p3/);
  expectGolden('ftmp-join.txt', page);
});

test('who survives a crash agrees on what the crashed one sent, then goes on without it', () => {
  const { page, violations } = crash();
  expect(violations).toEqual([]);
  for (const who of ['p1', 'p2']) {
    expect(page).toMatch(new RegExp(`${who} +delivers a message of p3`));
    expect(page).toMatch(new RegExp(`${who} +is given view @\\d+ \\(fault\\): p1 p2\\n`));
  }
  expectGolden('ftmp-crash.txt', page);
});
