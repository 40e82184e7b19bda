/** What a host keeps of the logs of groups, and what those get who come from behind it. */
import { expect, test } from 'vitest';
import type { Participant } from './participant.ts';
import { Scene } from './scene.ts';

const origin = { created: 0, after: { epoch: 0, seq: 0 } };
/** Longer than from one look at all groups to the next. */
const soonMs = 61_000;

function say(scene: Scene, participant: Participant, ...texts: readonly string[]): void {
  for (const text of texts) participant.bcast('room', text);
  scene.run();
}

/** What a watch of the whole log brings. */
function whole(scene: Scene, group = 'room') {
  const reader = scene.attach('reader');
  reader.watch(group, 'everything', origin);
  scene.run();
  return reader;
}

test('the newest entries are kept; a watch from before them gets a gap and all of those', () => {
  const scene = new Scene({ retention: [{ groups: '*', entries: 3 }] });
  const ann = scene.attach('ann');
  say(scene, ann, 'a', 'b', 'c', 'd', 'e');
  expect(whole(scene).heard()).toEqual(['a', 'b', 'c', 'd', 'e']);
  scene.advance(soonMs);
  const reader = whole(scene);
  const { at } = reader.last('transfer_begin');
  expect(reader.last('transfer_begin')).toMatchObject({ created: 1, gap: true, members: [] });
  expect(reader.heard()).toEqual(['c', 'd', 'e']);
  const further = scene.attach('further');
  further.watch('room', 'everything', { created: 1, after: at });
  scene.run();
  expect(further.kinds()).not.toContain('transfer_begin');
  expect(further.heard()).toEqual(['c', 'd', 'e']);
  say(scene, ann, 'f');
  expect(reader.heard()).toEqual(['c', 'd', 'e', 'f']);
});

test('entries go by their age, also of a group at rest, and a member that was away is told', () => {
  const scene = new Scene({ retention: [{ groups: '*', ageMs: 600_000 }] });
  const ann = scene.member('ann');
  const bob = scene.member('bob');
  const from = { created: 1, after: scene.contents.head };
  bob.drop();
  say(scene, ann, 'old');
  scene.advance(300_000);
  say(scene, ann, 'young');
  const early = scene.attach('bob');
  early.join('room', from);
  scene.run();
  expect(early.kinds()).toContain('resume_begin');
  early.drop();
  scene.advance(400_000);
  const late = scene.attach('bob');
  late.join('room', from);
  scene.run();
  expect(late.last('transfer_begin')).toMatchObject({ gap: true, created: 1 });
});

test('the first rule that names a group holds, and what none names is kept', () => {
  const scene = new Scene({
    retention: [
      { groups: 'room', entries: 4 },
      { groups: 'ro*', entries: 1 },
    ],
  });
  const ann = scene.attach('ann');
  for (const group of ['room', 'rot', 'other']) {
    for (const text of ['a', 'b', 'c', 'd', 'e']) ann.bcast(group, text);
  }
  scene.advance(soonMs);
  expect(whole(scene, 'room').heard()).toEqual(['b', 'c', 'd', 'e']);
  expect(whole(scene, 'rot').heard()).toEqual(['e']);
  expect(whole(scene, 'other').heard()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('what was cut stays cut over a restart, and the state stays whole', () => {
  const scene = new Scene({ retention: [{ groups: '*', entries: 1 }], snapshotEntries: 4 });
  const ann = scene.member('ann');
  for (const text of ['1', '2', '3']) ann.write('room', 'plan', text, 'INC');
  scene.run();
  say(scene, ann, 'a', 'b');
  scene.advance(soonMs);
  expect(whole(scene).heard()).toEqual(['b']);
  scene.restart({ snapshotEntries: 4 });
  expect(whole(scene).heard()).toEqual(['b']);
  const bob = scene.member('bob');
  const objects = bob.of('transfer_objects').flatMap(({ updates }) => updates);
  expect(objects.map(({ data }) => new TextDecoder().decode(data))).toEqual(['1', '2', '3']);
});

test('a reader that is slow is sent what is cut while it reads', () => {
  const scene = new Scene({
    retention: [{ groups: '*', entries: 1 }],
    tailBytes: 0,
    sendBufferBytes: 25,
  });
  const ann = scene.attach('ann');
  say(scene, ann, 'a', 'b', 'c');
  scene.advance(2_000);
  const slow = scene.attach('slow');
  slow.reading = false;
  slow.watch('room', 'everything', origin);
  scene.run();
  scene.advance(soonMs);
  expect(whole(scene).last('transfer_begin').gap).toBe(true);
  slow.reading = true;
  for (let each = 0; each < 100; each += 1) {
    slow.readOn();
    scene.run();
  }
  expect(slow.heard()).toEqual(['a', 'b', 'c']);
});

test('many groups are looked at over several turns', () => {
  const scene = new Scene({ retention: [{ groups: '*', entries: 1 }], chainsMax: 5_000 });
  const ann = scene.attach('ann');
  for (let each = 0; each < 2_500; each += 1) {
    ann.bcast(`group-${each}`, 'a');
    ann.bcast(`group-${each}`, 'b');
    scene.run();
  }
  scene.advance(soonMs);
  expect(whole(scene, 'group-2499').heard()).toEqual(['b']);
});
