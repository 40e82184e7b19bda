/** P5, in a real run-time directory. */
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupId } from '@choir/ftmp';
import { expect, onTestFinished, test } from 'vitest';
import { Attendance } from '../../src/local/attendance.ts';
import { isRefreshed } from '../../src/local/freshness.ts';
import { localKeys } from '../../src/local/runtime-directory.ts';

const longAgo = new Date('2020-01-01');

async function member(): Promise<{ readonly directory: string; readonly attendance: Attendance }> {
  const directory = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  await localKeys(directory);
  const attendance = new Attendance(directory, groupId(7));
  onTestFinished(() => attendance.close());
  attendance.isFirst();
  attendance.enter('127.0.0.1:1', 'member');
  return { directory, attendance };
}

function pathsIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) =>
    join(directory, path),
  );
}

test('P5 the key, the rendezvous, the own file and their folder are young again', async () => {
  const { directory, attendance } = await member();
  const group = join(directory, 'groups', '7');
  const paths = [group, join(directory, 'key'), ...pathsIn(group)];
  expect(paths).toHaveLength(4);
  for (const path of paths) utimesSync(path, longAgo, longAgo);
  expect(isRefreshed({ directory, attendance })).toBe(true);
  for (const path of paths) expect(statSync(path).mtimeMs).toBeGreaterThan(longAgo.getTime());
});

test.for(['key', 'groups'])('P5 a %s that somebody has removed is noticed', async (name) => {
  const { directory, attendance } = await member();
  rmSync(join(directory, name), { recursive: true });
  expect(isRefreshed({ directory, attendance })).toBe(false);
});
