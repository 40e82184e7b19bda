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
  for (const [index, parts] of refused.entries()) {
    ann.submit('room', { kind: 'message', parts }, { localId: index + 1, previous: 0 });
  }
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

test('a server that takes less than before still answers for what it took', () => {
  const scene = new Scene();
  const ann = scene.attach('ann');
  const large: Part[] = [bcast('room', 200)];
  ann.submit('room', { kind: 'message', parts: large });
  scene.run();
  const { at } = ann.last('ack');
  scene.restart({ messageBytes: 100 });
  const back = scene.attach('ann');
  const ids = { localId: 1, previous: 0 };
  back.submit('room', { kind: 'message', parts: large }, ids);
  back.submit('room', { kind: 'message', parts: large }, { localId: 2, previous: 1 });
  scene.run();
  expect(back.last('ack').at).toEqual(at);
  expect(back.of('refused')).toMatchObject([{ localId: 2, code: 'TOO_LARGE' }]);
});

test('a client that submitted to as many groups as it may is refused a new one, and no old one', () => {
  const scene = new Scene({ chainsMax: 2 });
  const ann = scene.attach('ann');
  for (const group of ['one', 'two']) ann.bcast(group, 'hello');
  scene.run();
  const { seq } = scene.contents.head;
  ann.bcast('three', 'hello');
  scene.run();
  expect(ann.last('refused')).toMatchObject({ group: 'three', code: 'LIMIT' });
  expect(ann.last('refused').at).toBeUndefined();
  expect(scene.contents.head.seq).toBe(seq);
  ann.bcast('two', 'again');
  scene.run();
  expect(ann.of('ack').map(({ group }) => group)).toEqual(['one', 'two', 'two']);
});

test('a server with as many groups as it may have refuses every way to a new one', () => {
  const scene = new Scene({ groupsMax: 1 });
  const ann = scene.member('ann');
  const bob = scene.attach('bob');
  const { seq } = scene.contents.head;
  bob.bcast('other', 'hello');
  bob.submit('another', { kind: 'create', stateful: true, absenceMs: 0, properties: [] });
  bob.submit('room', { kind: 'message', parts: [bcast('room'), bcast('room/side')] });
  bob.join('room/side');
  scene.run();
  expect(bob.of('refused').map(({ code }) => code)).toEqual(['LIMIT', 'LIMIT', 'LIMIT']);
  expect(bob.of('request_refused').map(({ code }) => code)).toEqual(['LIMIT']);
  expect(scene.contents.head.seq).toBe(seq);
  const carl = scene.member('carl');
  carl.bcast('room', 'hello');
  scene.run();
  expect(ann.of('delivery').at(-1)?.events).toMatchObject([{ kind: 'bcast', senderId: 'carl' }]);
});

test('what may have taken effect before is never refused for a limit', () => {
  const settings = { admins: new Set([clientIdOf('root')]), chainsMax: 1, groupsMax: 1 };
  const scene = new Scene(settings);
  const root = scene.attach('root');
  root.bcast('room', 'hello');
  // A copy of what is under way, then one of what was settled and whose group is gone.
  root.repeat();
  scene.run();
  const first = root.last('ack');
  expect(root.of('ack').map(({ at }) => at)).toEqual([first.at, first.at]);
  root.submit('room', { kind: 'delete' });
  const other = scene.member('ann', 'other');
  other.bcast('other', 'hello');
  scene.run();
  const again = { ...bcast('room'), data: new TextEncoder().encode('hello') };
  root.submit('room', { kind: 'message', parts: [again] }, { localId: 1, previous: 0 });
  scene.run();
  expect(root.of('refused')).toEqual([]);
  expect(root.last('ack').at).toEqual(first.at);
});

test('a server knows only so many clients; those that it knows come in, those retired are told', () => {
  const scene = new Scene({ clientsMax: 2 });
  const ann = scene.attach('ann');
  scene.attach('bob');
  const { seq } = scene.contents.head;
  const cid = scene.attach('cid');
  expect(cid.last('goodbye')).toMatchObject({ code: 'LIMIT', retryAfterMs: 60_000 });
  expect(scene.contents.head.seq).toBe(seq);
  ann.drop();
  scene.run();
  expect(scene.attach('cid').last('goodbye').code).toBe('LIMIT');
  expect(scene.attach('ann').of('welcome')).toHaveLength(1);
});

test('when a client is retired another may come, and the retired one is told so', () => {
  const scene = new Scene({ clientsMax: 1 });
  const ann = scene.attach('ann');
  ann.drop();
  scene.advance(31 * 24 * 3_600_000);
  expect(scene.attach('bob').of('welcome')).toHaveLength(1);
  expect(scene.attach('ann').last('goodbye').code).toBe('EXPIRED');
});
