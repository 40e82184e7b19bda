import type { Part } from '@choir/protocol';
import { expect, test } from 'vitest';

import { clientIdOf, nameOf, objectOf } from '../names.ts';
import { Scene } from './scene.ts';

function bcast(group: string, bytes = 1): Part {
  return { kind: 'bcast', group: nameOf(group), exclusive: false, data: new Uint8Array(bytes) };
}

test('what needs no position to be refused is refused without being logged', () => {
  const scene = new Scene({ messageBytes: 100, submissionBytes: 1_000 });
  const ann = scene.attach('ann');
  const { seq } = scene.contents.head;
  const refused: Part[][] = [
    [bcast('room'), bcast('other')],
    [bcast('room', 101)],
    Array.from({ length: 10 }, () => bcast('room', 90)),
  ];
  for (const parts of refused) ann.submit('room', { kind: 'message', parts });
  ann.joinAll('a/b', 'c/d');
  ann.joinAll();
  scene.run();
  expect(ann.of('refused').map(({ code, at }) => [code, at])).toEqual([
    ['CROSS_SHARD', undefined],
    ['TOO_LARGE', undefined],
    ['TOO_LARGE', undefined],
  ]);
  expect(ann.of('request_refused').map(({ code }) => code)).toEqual(['CROSS_SHARD', 'MALFORMED']);
  expect(scene.contents.head.seq).toBe(seq);
});

test('only administrators may checkpoint, and the client cannot say that it is one', () => {
  const scene = new Scene({ admins: new Set([clientIdOf('root')]) });
  const ann = scene.member('ann');
  const root = scene.member('root');
  ann.checkpoint('room', { plan: 'ann' });
  root.checkpoint('room', { plan: 'root' });
  scene.run();
  expect(ann.last('refused').code).toBe('FORBIDDEN');
  expect(root.of('refused')).toEqual([]);
});

test('a checkpoint counts with all its objects', () => {
  const scene = new Scene({ submissionBytes: 1_000, admins: new Set([clientIdOf('root')]) });
  const root = scene.member('root');
  const objects = Array.from({ length: 20 }, (_, each) => ({
    object: objectOf(`object-${each}`),
    data: new Uint8Array(10),
  }));
  const base = scene.contents.head.seq;
  const part: Part = { kind: 'group_state', group: nameOf('room'), base, objects };
  root.submit('room', { kind: 'message', parts: [part] });
  scene.run();
  expect(root.last('refused').code).toBe('TOO_LARGE');
});
