/** What whoever leaves is told: whether the others have agreed, and if not, how much of what it said may be lost. */
import { expect, test } from 'vitest';
import { ProcessGroup, ReplicatedMap } from '../src/index.ts';
import { bytesOf, Ensemble, members, timeout } from './ensemble.ts';
import { driven, name, performed, processor } from './scripted-host.ts';

const self = processor(1);
const soon = { timeoutMs: 20 };

test('the others have agreed', { timeout }, async () => {
  const ensemble = new Ensemble();
  const ann = await ensemble.join('ann');
  const bob = await ensemble.join('bob');
  await members(ann, 2);
  await bob.multicast(bytesOf('goodbye'));
  expect(await bob.leave()).toEqual({ kind: 'agreed' });
  expect(await bob.leave()).toEqual({ kind: 'agreed' });
});

test('who leaves is given first what came before, its own messages among it', {
  timeout,
}, async () => {
  const ann = await new Ensemble().join('ann');
  let [said, heard] = [0, 0];
  while (said < 3_000 && ann.tryMulticast(bytesOf('going')) === 'queued') said += 1;
  const leaving = ann.leave();
  for await (const { kind } of ann) if (kind === 'message') heard += 1;
  expect(await leaving).toEqual({ kind: 'agreed' });
  expect(heard).toBe(said);
});

test('the others have not agreed: what has not come back was not sent, as far as this process knows', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  for (const text of ['one', 'two']) await group.multicast(bytesOf(text));
  await host.echo();
  for (const text of ['three', 'four', 'five']) await group.multicast(bytesOf(text));
  host.isAlone = true;
  expect(await group.leave(soon)).toEqual({ kind: 'unagreed', unsentMessages: 3 });
});

test('what there was no room for counts; who waits for room is told by the call itself', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  host.isFull = true;
  await group.multicast(bytesOf('held'));
  const waiting = group.multicast(bytesOf('waits for room'));
  const leaving = group.leave(soon);
  await expect(waiting).rejects.toMatchObject({ code: 'group-over' });
  expect(await leaving).toEqual({ kind: 'unagreed', unsentMessages: 1 });
});

test('who waits for the others no longer is told so at once', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  host.isAlone = true;
  const enough = new AbortController();
  const leaving = group.leave({ signal: enough.signal });
  enough.abort();
  expect(await leaving).toEqual({ kind: 'unagreed', unsentMessages: 0 });
});

test('whoever is in a minority and has said nothing loses nothing', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  host.isAlone = true;
  expect(await group.leave(soon)).toEqual({ kind: 'unagreed', unsentMessages: 0 });
});

test('what the members say to each other besides counts for nothing', async () => {
  const { host, driver } = driven({ answer: (request) => request.bytes });
  const group = new ProcessGroup(name, driver);
  await host.view('joined', processor(2), self);
  await host.provide(processor(2));
  // It has said that it is there and holds the state, and answers a request.
  await host.says(processor(2), {
    kind: 'request',
    number: 1,
    to: 'all',
    channel: 'main',
    bytes: bytesOf('there?'),
  });
  await group.multicast(bytesOf('one'));
  expect(host.sent).toHaveLength(4);
  host.isAlone = true;
  expect(await group.leave(soon)).toEqual({ kind: 'unagreed', unsentMessages: 1 });
});

test('requests, messages to some and those of replicas count', async () => {
  const scores = new ReplicatedMap<number>();
  const { host, driver } = driven({ replicas: { scores } });
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  const open = [group.request(bytesOf('there?')), scores.set('ann', 7)];
  for (const one of open) one.catch(() => {});
  await group.send(group.members, bytesOf('psst'));
  host.isAlone = true;
  expect(await group.leave(soon)).toEqual({ kind: 'unagreed', unsentMessages: 3 });
});

test('what an exclusion put in doubt before, its event has told; what it does while this process leaves, the departure', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  await group.multicast(bytesOf('one'));
  await host.exclude();
  await host.view('joined', processor(2), host.id);
  await host.provide(processor(2));
  await host.echo();
  await group.multicast(bytesOf('two'));
  host.isAlone = true;
  const leaving = group.leave(soon);
  await host.exclude();
  expect(await leaving).toEqual({ kind: 'unagreed', unsentMessages: 1 });
});

test('what is lost, since the others removed this process while it left, was not sent, though nobody is to agree any more', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  host.isFull = true;
  await group.multicast(bytesOf('held'));
  const leaving = group.leave();
  await host.exclude();
  expect(await leaving).toEqual({ kind: 'unagreed', unsentMessages: 1 });
});

test.each([
  ['has not come back', 1],
  ['has, and perhaps to nobody else', 0],
])(
  'so it is where its processor is out by that, and what it said %s',
  async (_what, unsentMessages) => {
    const { host, driver } = driven();
    const group = new ProcessGroup(name, driver);
    await host.view('first', self);
    await group.multicast(bytesOf('one'));
    host.isAlone = true;
    const leaving = group.leave();
    if (unsentMessages === 0) await host.echo();
    await host.tell({ kind: 'left', group: host.group, removed: true });
    expect(await leaving).toEqual({ kind: 'unagreed', unsentMessages });
  },
);

test('what a replica says when everything has gone out is nothing that was to go out before', async () => {
  const scores = new ReplicatedMap<number>();
  const { host, driver } = driven({ replicas: { scores } });
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  host.isAlone = true;
  const leaving = group.leave();
  await performed();
  driver.core.multicast('scores', bytesOf('late'), false);
  driver.advance();
  await host.tell({ kind: 'left', group: host.group, removed: false });
  expect(await leaving).toEqual({ kind: 'agreed' });
});

test('of a group that was over before, its reason is told', async () => {
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', self);
  await host.tell({ kind: 'excluded', group: host.group, rejoins: null });
  const reason = await group.over;
  expect(reason).toMatchObject({ code: 'group-excluded' });
  expect(await group.leave()).toEqual({ kind: 'over', reason });
});
