import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type JoinGroupOptions, joinGroup, type ProcessGroup } from '../../src/index.ts';
import { bytesOf, members, texts, timeout, until } from '../ensemble.ts';

function runtimeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function member(
  directory: string,
  label: string,
  options: JoinGroupOptions = {},
): Promise<ProcessGroup> {
  const group = await joinGroup('here', { directory, label, ...options });
  onTestFinished(async () => {
    await group.leave();
  });
  return group;
}

test('processes of one machine find each other; the first makes the group', {
  timeout,
}, async () => {
  const directory = runtimeDirectory();
  const ann = await member(directory, 'ann');
  const bob = await member(directory, 'bob');
  await members(ann, 2);
  await ann.multicast(bytesOf('hello'));
  expect(await texts(bob, 1)).toEqual(['ann: hello']);
});

test('P1 of many that come at once one makes the group, and all are in it', {
  timeout,
}, async () => {
  const directory = runtimeDirectory();
  const groups = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((one) => member(directory, one)));
  await Promise.all(groups.map((group) => members(group, 5)));
  const [first, ...others] = groups;
  for (const other of others) expect(other.members).toEqual(first?.members);
});

test('when the first has left, others are found, and when all have, the group begins anew', {
  timeout,
}, async () => {
  const directory = runtimeDirectory();
  const ann = await joinGroup('here', { directory, label: 'ann' });
  const bob = await joinGroup('here', { directory, label: 'bob' });
  await ann.leave();
  await members(bob, 1);
  const eve = await joinGroup('here', { directory, label: 'eve' });
  expect(eve.members.map(({ label }) => label)).toEqual(['bob', 'eve']);
  await bob.leave();
  await eve.leave();
  const fay = await member(directory, 'fay');
  const { view } = await until(fay, 'view');
  expect(view.number).toBe(1);
});

test('a process goes on in another working directory than the one in which it has joined', {
  timeout,
}, async () => {
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(runtimeDirectory());
  const ann = await joinGroup('here', { directory: 'rt', label: 'ann' });
  const bob = await joinGroup('here', { directory: 'rt', label: 'bob' });
  const absolute = join(process.cwd(), 'rt');
  process.chdir(before);
  await ann.leave();
  const eve = await joinGroup('here', { directory: absolute, label: 'eve' });
  expect(eve.members.map(({ label }) => label)).toEqual(['bob', 'eve']);
  await bob.leave();
  await eve.leave();
});

test('joining is given up when nobody lets it in', { timeout }, async () => {
  const directory = runtimeDirectory();
  await member(directory, 'ann');
  const joining = joinGroup('here', { directory, label: 'ann', timeoutMs: 1_000 });
  await expect(joining).rejects.toMatchObject({
    code: 'group-time',
    message: expect.stringContaining('A member said: the label "ann" is in use.'),
  });
});

test('O3 an observer neither makes a group nor is found by others', { timeout }, async () => {
  const directory = runtimeDirectory();
  const nobody = joinGroup('here', { directory, observer: true });
  await expect(nobody).rejects.toMatchObject({ code: 'group-absent' });
  const ann = await joinGroup('here', { directory, label: 'ann' });
  const observer = await joinGroup('here', { directory, label: 'eve', observer: true });
  expect(observer.members.map(({ label }) => label)).toEqual(['ann', 'eve']);
  await ann.leave();
  const bob = await member(directory, 'bob');
  expect(bob.members.map(({ label }) => label)).toEqual(['bob']);
  await observer.leave();
});
