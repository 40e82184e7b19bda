import { expect, test } from 'vitest';
import { clientIdOf } from '../names.ts';
import { Scene } from './scene.ts';

test('who sends too fast is read more slowly, loses nothing and holds nobody up', () => {
  const scene = new Scene({ messageRate: 100, messageBurst: 20 });
  const ann = scene.attach('ann');
  const bob = scene.attach('bob');
  for (let n = 0; n < 60; n += 1) ann.bcast('room', `${n}`);
  scene.run();
  // The hello was one of the twenty.
  expect(ann.of('ack')).toHaveLength(19);
  expect(scene.others.at(-1)).toEqual({ kind: 'pause', connection: ann.connection });
  bob.bcast('room', 'hello');
  scene.run();
  expect(bob.of('ack')).toHaveLength(1);
  scene.advance(200);
  expect(ann.of('ack').length).toBeGreaterThanOrEqual(37);
  expect(ann.of('ack').length).toBeLessThanOrEqual(40);
  scene.advance(300);
  expect(ann.of('ack').map(({ localId }) => localId)).toEqual(
    Array.from({ length: 60 }, (_, n) => n + 1),
  );
  expect(scene.others.at(-1)).toEqual({ kind: 'resume', connection: ann.connection });
  expect(ann.closedWith).toBe(null);
});

test('the reserve comes back in a quiet time', () => {
  const scene = new Scene({ messageRate: 100, messageBurst: 20 });
  const ann = scene.attach('ann');
  scene.advance(1_000);
  for (let n = 0; n < 20; n += 1) ann.bcast('room', `${n}`);
  scene.run();
  expect(ann.of('ack').length).toBeGreaterThanOrEqual(19);
});

test('a subject has so many connections, and others have theirs', () => {
  const scene = new Scene({ asksForCredentials: true, subjectConnectionsMax: 2 });
  const enter = (subject: string, name: string) => {
    const participant = scene.connect();
    participant.enter(scene.token(subject, []), clientIdOf(name));
    scene.run();
    return participant;
  };
  const first = enter('ann@home', 'one');
  enter('ann@home', 'two');
  const third = enter('ann@home', 'three');
  expect(third.last('goodbye')).toMatchObject({ code: 'LIMIT', retryAfterMs: 5_000 });
  expect(enter('bob@home', 'bob').of('welcome')).toHaveLength(1);
  first.drop();
  scene.run();
  expect(enter('ann@home', 'three').of('welcome')).toHaveLength(1);
});

test('a connection that is lost as it ends is counted off its subject once', () => {
  const scene = new Scene({ asksForCredentials: true, subjectConnectionsMax: 2 });
  const enter = (name: string) => {
    const participant = scene.connect();
    participant.enter(scene.token('ann@home', []), clientIdOf(name));
    scene.run();
    return participant;
  };
  const first = enter('one');
  enter('two');
  // Both in one turn.
  first.say({ kind: 'bye' });
  first.drop();
  scene.run();
  expect(enter('three').of('welcome')).toHaveLength(1);
  expect(enter('four').closedWith).toBe('LIMIT');
});
