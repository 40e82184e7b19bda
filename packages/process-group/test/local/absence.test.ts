/** P3: a process that the others have removed, on a machine where it is certain who lives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupId } from '@choir/ftmp';
import { expect, onTestFinished, test } from 'vitest';
import { ProcessGroup } from '../../src/index.ts';
import { watchAbsence } from '../../src/local/absence.ts';
import { Attendance } from '../../src/local/attendance.ts';
import { driven, name, processor, type ScriptedHost } from '../scripted-host.ts';

const bob = processor(2);

type Excluded = {
  readonly host: ScriptedHost;
  readonly group: ProcessGroup;
  readonly ann: Attendance;
  readonly eve: Attendance;
};

/** Bob, a member beside this process, has removed it; eve comes. */
async function excluded(
  timeoutMs: number,
  { isWatched = true, observer = false } = {},
): Promise<Excluded> {
  const directory = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [own, ann, eve] = [1, 2, 3].map((at) => {
    const attendance = new Attendance(directory, groupId(7));
    onTestFinished(() => attendance.close());
    if (at < 3) attendance.enter(`127.0.0.1:${at}`, 'member');
    return attendance;
  });
  if (own === undefined || ann === undefined || eve === undefined) throw new Error('none');
  const { host, driver } = driven();
  const group = new ProcessGroup(name, driver);
  await host.view('first', host.id);
  if (isWatched) watchAbsence(group, { attendance: own, timeoutMs, observer });
  group.afterwards(async () => own.close());
  await host.exclude();
  if (!isWatched) watchAbsence(group, { attendance: own, timeoutMs, observer });
  return { host, group, ann, eve };
}

/** What the reader of the events is told at last. */
async function endOf(group: ProcessGroup): Promise<unknown> {
  try {
    for await (const _event of group);
    return null;
  } catch (error) {
    return error;
  }
}

test('P3 when those who removed it are gone, it is out, and the group is made anew', async () => {
  const { host, group, ann, eve } = await excluded(30_000);
  expect(eve.isFirst()).toBe(false);
  ann.close();
  expect(await endOf(group)).toMatchObject({ code: 'group-state-lost' });
  await group.over;
  expect(host.hasLeft).toBe(true);
  expect(eve.isFirst()).toBe(true);
});

test.each([
  [false, 'join it again, which makes it anew'],
  [true, 'join it again when somebody has made it anew'],
])('P3 it is told what it can do then (an observer: %s)', async (observer, remedy) => {
  const { group, ann } = await excluded(30_000, { observer });
  ann.close();
  expect(await endOf(group)).toMatchObject({ message: expect.stringContaining(remedy) });
});

test.each([
  ['later', true],
  ['as soon as it has joined', false],
])('P3 whoever is removed %s is no member until it is back', async (_when, isWatched) => {
  const { host, eve } = await excluded(30_000, { isWatched });
  const standings = (): string[] =>
    eve
      .others()
      .map(({ standing }) => standing)
      .sort();
  expect(standings()).toEqual(['asking', 'member']);
  await host.view('joined', bob, host.id);
  await host.provide(bob);
  expect(standings()).toEqual(['member', 'member']);
});

test('P3 when members live and none lets it in, it is out when its time is over', async () => {
  const { group } = await excluded(100);
  expect(await endOf(group)).toMatchObject({ code: 'group-excluded' });
});
