/** How much of a group's log is kept (docs/design/groups.md, "Retention"). */
import { GroupsService } from '@choir/groups';
import { expect, test } from 'vitest';
import { client, group, Scene } from './scene.ts';

const room = group('room');

function id(scene: Scene) {
  const found = scene.service.groupNamed(room);
  if (found === null) throw new Error('there is no room');
  return found;
}

function cut(scene: Scene, seq: number): void {
  scene.do({ kind: 'cut_history', group: id(scene), upTo: { epoch: 1, seq } });
}

/** Says so much, one millisecond after the other; the positions. */
function saying(scene: Scene, count: number): readonly number[] {
  return Array.from({ length: count }, (_, each) => {
    scene.time = each + 1;
    scene.say('ann', 'room', `${each}`);
    return scene.seq;
  });
}

function begun(): Scene {
  const scene = new Scene();
  scene.attach('ann');
  return scene;
}

test('the newest entries are kept, about an eighth more, however many there are', () => {
  const scene = begun();
  const kept = 400;
  const said: number[] = [];
  for (let round = 0; round < 40; round += 1) {
    said.push(...saying(scene, 100));
    const upTo = scene.service.dispensable(id(scene), { entries: kept });
    if (upTo === null) continue;
    cut(scene, upTo.seq);
    const left = said.filter((seq) => seq > upTo.seq).length;
    expect(left).toBeGreaterThanOrEqual(kept);
    expect(left).toBeLessThan(kept + kept / 8 + 100);
  }
  expect(scene.service.floor(id(scene)).seq).toBeGreaterThan(said[3_400] ?? 0);
});

test.each([2_000, 3_000, 5_000])('after a burst of %i the next cut is exact again', (burst) => {
  const scene = begun();
  const [kept, more] = [200, 400];
  const said = [...saying(scene, burst)];
  const cutNow = (): number => {
    const upTo = scene.service.dispensable(id(scene), { entries: kept });
    if (upTo !== null) cut(scene, upTo.seq);
    return said.filter((seq) => seq > (upTo?.seq ?? 0)).length;
  };
  const left = cutNow();
  expect(left).toBeLessThan(kept + burst / 8);
  said.push(...saying(scene, left + more));
  expect(cutNow()).toBeLessThan(kept + (left + more) / 8);
});

test('what is younger is kept; a group at rest is given up as a whole', () => {
  const scene = begun();
  const said = saying(scene, 14);
  const before = (since: number) => scene.service.dispensable(id(scene), { since })?.seq ?? null;
  expect(before(1)).toBe(null);
  expect(before(11)).toBe(said[9]);
  expect(before(1_000)).toBe(said.at(-1));
  const both = scene.service.dispensable(id(scene), { entries: 5, since: 3 });
  expect(both?.seq).toBe(said[8]);
});

test('who was away from behind the floor starts from the state and is told of the gap', () => {
  const scene = begun();
  scene.attach('bob');
  scene.join('bob', 'room');
  const created = id(scene);
  const last = scene.seq;
  scene.detach('bob');
  const [first = 0, second = 0] = saying(scene, 3);
  const rejoin = (seq: number) => {
    scene.attach('bob');
    const effects = scene.join('bob', 'room', { created, after: { epoch: 1, seq } });
    const joined = effects.find((effect) => effect.kind === 'joined');
    return joined?.groups[0]?.answer;
  };
  expect(rejoin(last)).toMatchObject({ kind: 'resume' });
  cut(scene, second);
  expect(rejoin(last)).toEqual({ kind: 'transfer', gap: true });
  expect(rejoin(first)).toEqual({ kind: 'transfer', gap: true });
  expect(rejoin(second)).toMatchObject({ kind: 'resume' });
});

test('marks and outcomes are not cut: what is sent again has the answer that it had', () => {
  const scene = begun();
  const said = saying(scene, 3);
  cut(scene, said[2] ?? 0);
  expect(scene.service.mark(client('ann'), room)).toBe(3);
  const again = scene.resubmit('ann', {
    group: room,
    localId: 2 as never,
    previous: 1,
    body: { kind: 'message', parts: [] },
  });
  expect(again.find(({ kind }) => kind === 'settle')).toMatchObject({ localId: 2 });
});

test('the floor never goes back, nor beyond the newest delivery', () => {
  const scene = begun();
  const said = saying(scene, 5);
  const floor = () => scene.service.floor(id(scene)).seq;
  cut(scene, said[3] ?? 0);
  cut(scene, said[1] ?? 0);
  cut(scene, (said[4] ?? 0) + 1_000);
  expect(floor()).toBe(said[3]);
  scene.do({ kind: 'cut_history', group: 77, upTo: { epoch: 1, seq: 5 } });
});

test('a cut holds also when its place was thinned out since it was proposed', () => {
  const scene = begun();
  const said = saying(scene, 16);
  const upTo = scene.service.dispensable(id(scene), { entries: 2 });
  expect(upTo?.seq).toBe(said[13]);
  saying(scene, 17);
  cut(scene, said[12] ?? 0);
  expect(scene.service.floor(id(scene)).seq).toBe(said[12]);
});

test('a snapshot goes on as the original would (G1)', () => {
  const scene = begun();
  const said = saying(scene, 70);
  cut(scene, said[19] ?? 0);
  const restored = GroupsService.restore(scene.service.snapshot());
  expect(restored?.floor(id(scene))).toEqual(scene.service.floor(id(scene)));
  for (const entries of [1, 10, 40]) {
    expect(restored?.dispensable(id(scene), { entries })).toEqual(
      scene.service.dispensable(id(scene), { entries }),
    );
  }
  expect(restored?.snapshot()).toEqual(scene.service.snapshot());
});
