import { expect, test } from 'vitest';
import { ReplicatedMap } from '../src/index.ts';
import { bytesOf, Ensemble, members, texts, timeout, until } from './ensemble.ts';

const names = { empty: '', 'too long': 'x'.repeat(10_000), 'half a surrogate pair': '\ud800' };

for (const [what, name] of Object.entries(names)) {
  test(`a name that is ${what} is refused`, { timeout }, async () => {
    const transport = await new Ensemble().transport();
    await expect(transport.join(name)).rejects.toMatchObject({ code: 'group-option' });
  });
}

test('a label with control characters is refused', { timeout }, async () => {
  const transport = await new Ensemble().transport();
  const joining = transport.join('ensemble', { label: 'ann\u001b[2J', init: true });
  await expect(joining).rejects.toMatchObject({ code: 'group-option' });
});

test('nobody is waited for without end', { timeout }, async () => {
  const transport = await new Ensemble().transport();
  const joining = transport.join('nowhere', { timeoutMs: 200 });
  await expect(joining).rejects.toMatchObject({ code: 'group-time' });
});

test('joining is given up by a signal', { timeout }, async () => {
  const transport = await new Ensemble().transport();
  const signal = AbortSignal.timeout(100);
  const joining = transport.join('nowhere', { signal });
  await expect(joining).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('a group that was left is over', { timeout }, async () => {
  const ann = await new Ensemble().join('ann');
  await ann.leave();
  await expect(ann.multicast(bytesOf('hello'))).rejects.toMatchObject({ code: 'group-over' });
  expect(ann.tryMulticast(bytesOf('hello'))).toBe('closed');
  for await (const event of ann) expect(event.kind).toBe('view');
});

test('who has other replicas is not given the state, and told so', { timeout }, async () => {
  const ensemble = new Ensemble();
  await ensemble.join('ann', { replicas: { scores: new ReplicatedMap() } });
  await expect(ensemble.join('bob')).rejects.toMatchObject({ code: 'group-refused' });
});

test('a replica that is in a group is refused to another join, until that group is over', {
  timeout,
}, async () => {
  const scores = new ReplicatedMap<number>();
  const ann = await new Ensemble().join('ann', { replicas: { scores } });
  const transport = await new Ensemble().transport();
  const join = () => transport.join('other', { init: true, replicas: { points: scores } });
  await expect(join()).rejects.toMatchObject({
    code: 'group-option',
    message: expect.stringContaining('channel "scores" of group "ensemble"'),
  });
  await scores.set('ann', 7);
  await ann.leave();
  await join();
  await scores.set('ann', 8);
  // A join that was refused for another reason does not keep it.
  const another = new ReplicatedMap();
  const again = transport.join('other', { replicas: { another } });
  await expect(again).rejects.toMatchObject({
    code: 'group-option',
    message: expect.stringContaining('Group "other" was joined before through this transport'),
  });
  await transport.join('third', { init: true, replicas: { another } });
});

test('a replica is refused on two channels', { timeout }, async () => {
  const scores = new ReplicatedMap();
  const joining = new Ensemble().join('ann', { replicas: { scores, points: scores } });
  await expect(joining).rejects.toMatchObject({ code: 'group-option' });
});

test('a member whose replica throws is out of the group, and the others go on', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const replica = (fails: boolean) => ({
    apply: () => {
      if (fails) throw new Error('I cannot count.');
    },
    snapshot: () => [],
    restore: () => {},
  });
  const ann = await ensemble.join('ann', { replicas: { counter: replica(false) } });
  const bob = await ensemble.join('bob', { replicas: { counter: replica(true) } });
  await members(ann, 2);
  await ann.multicast(bytesOf('one'), { channel: 'counter' });
  await expect(until(bob, 'message')).rejects.toMatchObject({ code: 'group-replica' });
  const { view } = await until(
    ann,
    'view',
    (event) => event.view.members.length === 1 && event.view.number > 1,
  );
  expect(view.left.map(({ label }) => label)).toEqual(['bob']);
});

test('back-pressure: who does not read makes the others wait, and goes on where it stopped', {
  timeout,
}, async () => {
  const ensemble = new Ensemble();
  const ann = await ensemble.join('ann');
  const bob = await ensemble.join('bob');
  await members(ann, 2);
  const long = new Uint8Array(64 * 1024);
  let sent = 0;
  while (ann.tryMulticast(long) === 'queued') sent += 1;
  expect(sent).toBeGreaterThan(0);
  await Promise.all([texts(ann, sent), texts(bob, sent)]);
});
