import { expect, test } from 'vitest';
import { encodePointer, parsePointer } from '../../src/cursors/pointer.ts';
import { Pointers, shownMs } from '../../src/cursors/pointers.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const at = (x: number, y: number): Uint8Array => bytes(`{"at":[${x},${y}]}`);

test('a pointer comes back as it was sent, with what it drags', () => {
  const pointer = { at: { x: 1, y: 2 }, drags: { object: 'board/1', to: { x: 3, y: 4 } } };
  expect(parsePointer(bytes(String(encodePointer(pointer))))).toEqual(pointer);
});

test.each([
  '',
  'null',
  '[]',
  '{"at":1}',
  '{"at":[1]}',
  '{"at":[1,"x"]}',
  '{"at":[-1,0]}',
  '{"at":[0,401]}',
])('%s is nowhere on the board', (text) => {
  expect(parsePointer(bytes(text))?.at ?? null).toBeNull();
});

test('more bytes than a pointer takes are not read', () => {
  expect(parsePointer(bytes(`{"at":[1,2],"more":"${'m'.repeat(300)}"}`))).toBeNull();
});

test('a pointer is shown until it has not moved for a while', () => {
  const pointers = new Pointers();
  pointers.receive('ann', at(1, 2), 0);
  expect(pointers.shown(shownMs - 1)).toEqual([['ann', { x: 1, y: 2 }]]);
  pointers.receive('ann', at(3, 4), shownMs - 1);
  expect(pointers.shown(shownMs)).toEqual([['ann', { x: 3, y: 4 }]]);
  expect(pointers.nextExpiry).toBe(2 * shownMs - 1);
  expect(pointers.shown(2 * shownMs - 1)).toEqual([]);
  expect(pointers.nextExpiry).toBeNull();
});

test('who leaves the board, or the group, points nowhere', () => {
  const pointers = new Pointers();
  for (const name of ['ann', 'bob']) pointers.receive(name, at(1, 2), 0);
  pointers.receive('ann', bytes('{"at":null}'), 1);
  pointers.forget('bob');
  expect(pointers.shown(2)).toEqual([]);
});

test('a crowd of pointers is not shown beyond bounds', () => {
  const pointers = new Pointers();
  for (let each = 0; each < 1_000; each += 1) pointers.receive(`client ${each}`, at(1, 1), 0);
  expect(pointers.shown(1)).toHaveLength(64);
});
