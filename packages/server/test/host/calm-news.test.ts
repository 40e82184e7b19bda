import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

const newsMs = 100;
const settings = { membershipNewsMs: newsMs, membershipNewsAbove: 2 };

function largeRoom() {
  const scene = new Scene(settings);
  const ann = scene.member('ann');
  for (const name of ['bob', 'cy']) scene.member(name);
  scene.advance(newsMs);
  ann.forget();
  return { scene, ann };
}

test('where many follow a group, news of members alone waits for a while', () => {
  const { scene, ann } = largeRoom();
  scene.member('dan');
  scene.advance(newsMs - 1);
  expect(ann.events()).toEqual([]);
  scene.advance(1);
  expect(ann.events()).toEqual(['new_member']);
});

test('the news of many who come at once goes out as one frame for each', () => {
  const { scene, ann } = largeRoom();
  for (const name of ['dan', 'eve', 'fay']) scene.member(name);
  const before = scene.sends.length;
  scene.advance(newsMs);
  const sent = scene.sends.slice(before).filter((each) => each.connection === ann.connection);
  expect(sent).toHaveLength(1);
  expect(ann.events()).toEqual(['new_member', 'new_member', 'new_member']);
});

test('a message takes along what waits, in its order', () => {
  const { scene, ann } = largeRoom();
  const dan = scene.member('dan');
  dan.bcast('room', 'hello');
  scene.run();
  expect(ann.events()).toEqual(['new_member', 'bcast']);
  scene.advance(newsMs);
  expect(ann.events()).toHaveLength(2);
});

test('an answer to somebody takes along what waits for him', () => {
  const { scene, ann } = largeRoom();
  scene.member('dan');
  ann.submit('room', { kind: 'rename', name: 'Anna' });
  scene.run();
  expect(ann.events()).toContain('new_member');
});

test('what the host itself keeps back makes nobody a slow reader', () => {
  const scene = new Scene({ ...settings, membershipNewsMs: 5_000, tooSlowMs: 1_000 });
  const [ann] = ['ann', 'bob', 'cy'].map((name) => scene.member(name));
  scene.member('dan');
  expect(scene.host.figures()).toMatchObject({ behind: 3, slowReaders: 0 });
  scene.advance(5_000);
  expect(scene.host.figures()).toMatchObject({ behind: 0, slowReaders: 0 });
  expect(ann?.closedWith).toBe(null);
  expect(ann?.events().at(-1)).toBe('new_member');
});

test('who comes back sees at once who is there', () => {
  const { scene } = largeRoom();
  const dan = scene.member('dan');
  expect(dan.last('transfer_begin')).toMatchObject({ members: { length: 4 } });
});

test('in a small group nothing waits', () => {
  const scene = new Scene(settings);
  const ann = scene.member('ann');
  scene.member('bob');
  expect(ann.events()).toContain('new_member');
});

test('sessions beyond those of one turn are fed in the next ones, first those who waited longest', () => {
  const scene = new Scene({ fedPerTurn: 2 });
  const members = ['ann', 'bob', 'cy', 'dan', 'eve'].map((name) => scene.member(name));
  for (const each of members) each.forget();
  members[0]?.bcast('room', 'one');
  scene.turn();
  const turns: number[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    scene.turn();
    turns.push(members.filter((each) => each.events().length > 0).length);
  }
  expect(turns).toEqual([2, 4, 5, 5]);
});
