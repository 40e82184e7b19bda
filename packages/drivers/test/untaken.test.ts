/** What the application has not taken, over a change of incarnation. */
import { groupId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { Untaken } from '../src/processor/untaken.ts';

const group = groupId(7);

test('what is taken is told to the incarnation that gave it', () => {
  const untaken = new Untaken();
  for (let n = 0; n < 3; n += 1) untaken.given(group, 10);
  expect(untaken.taken({ group, messages: 1, bytes: 10 })).toEqual({
    group,
    messages: 1,
    bytes: 10,
  });
  untaken.renew();
  untaken.given(group, 7);
  expect(untaken.taken({ group, messages: 1, bytes: 10 })).toEqual({
    group,
    messages: 0,
    bytes: 0,
  });
  expect(untaken.taken({ group, messages: 2, bytes: 17 })).toEqual({
    group,
    messages: 1,
    bytes: 7,
  });
  untaken.given(group, 5);
  expect(untaken.taken({ group, messages: 1, bytes: 5 })).toEqual({ group, messages: 1, bytes: 5 });
});
