import { localId, type Submission, type SubmissionBody } from '@choir/protocol';
import { expect, test } from 'vitest';
import { bcast, group, Scene, verdictOf } from './scene.ts';

function talk(text: string): SubmissionBody {
  return { kind: 'message', parts: [bcast('room', text)] };
}

function submission(id: number, previous: number, body: SubmissionBody = talk('hi')): Submission {
  return { group: group('room'), localId: localId(id), previous, body };
}

function ann(): Scene {
  const scene = new Scene();
  scene.enter('ann', 'room');
  return scene;
}

test('G2: a repeated submission is answered with the stored outcome and has no effect', () => {
  const scene = ann();
  const first = scene.settled(scene.resubmit('ann', submission(1, 0)));
  const again = scene.settled(scene.resubmit('ann', submission(1, 0)));
  expect(scene.events).toEqual([]);
  expect(again).toEqual({ ...first, delivered: false });
});

test('G2: a submission whose predecessor is missing waits for it', () => {
  const scene = ann();
  scene.resubmit('ann', submission(1, 0));
  const effects = scene.resubmit('ann', submission(3, 2));
  expect(effects).toEqual([expect.objectContaining({ kind: 'resend', mark: 1 })]);
  expect(verdictOf(scene.settled(scene.resubmit('ann', submission(2, 1))))).toBe('ok');
  expect(verdictOf(scene.settled(scene.resubmit('ann', submission(3, 2))))).toBe('ok');
});

test('G2: refusals advance the mark and are remembered', () => {
  const scene = new Scene();
  scene.attach('ann');
  const leave = { kind: 'leave' } as const;
  expect(verdictOf(scene.settled(scene.resubmit('ann', submission(1, 0, leave))))).toBe(
    'NOT_A_MEMBER',
  );
  scene.join('ann', 'room');
  expect(verdictOf(scene.settled(scene.resubmit('ann', submission(1, 0, leave))))).toBe(
    'NOT_A_MEMBER',
  );
  expect(verdictOf(scene.settled(scene.resubmit('ann', submission(2, 1))))).toBe('ok');
});

test('a local id used again with other content is told so, and nothing happens', () => {
  const scene = ann();
  scene.resubmit('ann', submission(1, 0));
  const settled = scene.settled(scene.resubmit('ann', submission(1, 0, talk('other'))));
  expect(verdictOf(settled)).toBe('ID_REUSED');
  expect(scene.events).toEqual([]);
});

test('an outcome older than the window is forgotten, but never applied again', () => {
  const scene = ann();
  for (let id = 1; id <= 257; id += 1) scene.resubmit('ann', submission(id, id - 1));
  const settled = scene.settled(scene.resubmit('ann', submission(1, 0)));
  expect(verdictOf(settled)).toBe('FORGOTTEN');
  expect(scene.events).toEqual([]);
});

test('a submission of an ended session is void, and can be sent again in the next', () => {
  const scene = ann();
  const session = scene.session('ann');
  scene.attach('ann');
  const late = { kind: 'submit', client: 'ann', session, privileged: false } as never;
  expect(scene.do({ ...(late as object), submission: submission(1, 0) } as never)).toEqual([]);
  expect(verdictOf(scene.settled(scene.resubmit('ann', submission(1, 0))))).toBe('ok');
});

test('G2: marks outlive the group: what was applied before its deletion is not applied again', () => {
  const scene = ann();
  scene.resubmit('ann', submission(1, 0));
  scene.enter('root', 'other');
  scene.submit('root', 'room', { kind: 'delete' }, true);
  scene.join('ann', 'room');
  scene.resubmit('ann', submission(1, 0));
  expect(scene.events).toEqual([]);
});

test('a waiting lock request is repeated with what became of it', () => {
  const scene = ann();
  scene.enter('bob', 'room');
  const lockSet = scene.lock('bob', 'room', ['a']).at.seq as never;
  const body = { kind: 'lock_request', objects: ['a'], wait: true, graceMs: 5_000 } as never;
  const waiting = scene.resubmit('ann', submission(1, 0, body));
  expect(verdictOf(scene.settled(waiting))).toBe('waiting');
  scene.submit('bob', 'room', { kind: 'lock_release', lockSet, objects: [] });
  const grantedAt = scene.seq;
  const again = scene.settled(scene.resubmit('ann', submission(1, 0, body)));
  expect(again).toMatchObject({ result: { kind: 'ok' }, at: { seq: grantedAt } });
});

test('a sender-exclusive message is marked as such for the host', () => {
  const scene = ann();
  scene.say('ann', 'room', 'psst', true);
  expect(scene.effects).toContainEqual(
    expect.objectContaining({ kind: 'deliver', exclusive: { senderId: 'ann', localId: 1 } }),
  );
});
