/** P1, P2 and P4, one process after the other: each attendance holds claims of its own, as in processes of their own. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupId } from '@choir/ftmp';
import { expect, onTestFinished, test, vi } from 'vitest';
import { joinGroup } from '../../src/index.ts';
import { Attendance } from '../../src/local/attendance.ts';
import { Claim } from '../../src/local/claim.ts';
import { localKeys } from '../../src/local/runtime-directory.ts';

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function attendances(directory: string, count: number): Attendance[] {
  return Array.from({ length: count }, () => {
    const attendance = new Attendance(directory, groupId(7));
    onTestFinished(() => attendance.close());
    return attendance;
  });
}

test('P1 who may have become a member meanwhile keeps another one from making the group anew', () => {
  const [ann, bob, eve] = attendances(temporary(), 3);
  if (ann === undefined || bob === undefined || eve === undefined) return;
  expect(ann.isFirst()).toBe(true);
  ann.enter('127.0.0.1:1', 'member');
  expect(bob.isFirst()).toBe(false);
  bob.enter('127.0.0.1:2', 'asking');
  // Ann has let bob in, and is gone before bob has said so.
  ann.close();
  expect(eve.isFirst()).toBe(false);
  bob.stand('member');
  expect(eve.isFirst()).toBe(false);
  expect(eve.others()).toEqual([{ address: '127.0.0.1:2', standing: 'member' }]);
});

test('P1 of those who have asked no member, the one at the rendezvous makes the group', () => {
  const [bob, eve] = attendances(temporary(), 2);
  bob?.enter('127.0.0.1:2', 'joining');
  expect(eve?.isFirst()).toBe(true);
});

test('P2 to look for a process that is not there makes no file', () => {
  const path = join(temporary(), 'file');
  expect(Claim.takeExisting(path)).toBe('gone');
  expect(existsSync(path)).toBe(false);
  const claim = Claim.take(path);
  expect(Claim.takeExisting(path)).toBe(null);
  claim?.release();
  const again = Claim.takeExisting(path);
  expect(again).toBeInstanceOf(Claim);
  if (again instanceof Claim) again.release();
});

test('P2 the file of a dead process is removed, and not that of a living one at its address', () => {
  const directory = temporary();
  const [bob, eve] = attendances(directory, 2);
  const dead = join(directory, 'groups', '7', '127.0.0.1_2.00000000.member');
  writeFileSync(dead, '');
  bob?.enter('127.0.0.1:2', 'asking');
  bob?.stand('member');
  expect(eve?.others()).toEqual([{ address: '127.0.0.1:2', standing: 'member' }]);
  expect(existsSync(dead)).toBe(false);
});

test('P2 whose file cannot be removed is gone all the same', () => {
  const directory = temporary();
  const folder = join(directory, 'groups', '7');
  const [ann, bob] = attendances(directory, 2);
  if (ann === undefined || bob === undefined) return;
  expect(ann.isFirst()).toBe(true);
  ann.enter('127.0.0.1:1', 'member');
  const [file = ''] = readdirSync(folder).filter((one) => one.endsWith('member'));
  rmSync(join(folder, file));
  mkdirSync(join(folder, file));
  ann.close();
  rmdirSync(join(folder, file));
  expect(bob.isFirst()).toBe(true);
});

test('P4 whoever goes last leaves no folder, and whoever has come meanwhile makes it again', () => {
  const directory = temporary();
  const folder = join(directory, 'groups', '7');
  const [ann, bob, eve] = attendances(directory, 3);
  if (ann === undefined || bob === undefined || eve === undefined) return;
  expect(ann.isFirst()).toBe(true);
  ann.enter('127.0.0.1:1', 'member');
  bob.enter('127.0.0.1:2', 'asking');
  ann.close();
  expect(existsSync(folder)).toBe(true);
  bob.close();
  expect(existsSync(folder)).toBe(false);
  expect(eve.others()).toEqual([]);
  expect(eve.isFirst()).toBe(true);
  eve.enter('127.0.0.1:3', 'member');
  expect(bob.isFirst()).toBe(false);
  expect(bob.others()).toEqual([{ address: '127.0.0.1:3', standing: 'member' }]);
  eve.close();
  bob.enter('127.0.0.1:2', 'joining');
  expect(readdirSync(folder)).toHaveLength(1);
});

test('P4 of two that go at the same time the one at the rendezvous removes the folder', () => {
  const directory = temporary();
  const [ann, bob] = attendances(directory, 2);
  if (ann === undefined || bob === undefined) return;
  expect(ann.isFirst()).toBe(true);
  ann.enter('127.0.0.1:1', 'member');
  bob.enter('127.0.0.1:2', 'member');
  const others = ann.others.bind(ann);
  vi.spyOn(ann, 'others').mockImplementationOnce(() => {
    const found = others();
    bob.close();
    return found;
  });
  ann.close();
  expect(existsSync(join(directory, 'groups', '7'))).toBe(false);
});

test('P4 what a process leaves that was killed before anybody could see its file goes with the last of the next', () => {
  const directory = temporary();
  const folder = join(directory, 'groups', '7');
  const [ann, bob] = attendances(directory, 2);
  const coming = Claim.take(join(folder, '.127.0.0.1_9.00000000'));
  ann?.enter('127.0.0.1:1', 'member');
  ann?.close();
  expect(existsSync(folder)).toBe(true);
  coming?.release();
  bob?.enter('127.0.0.1:2', 'member');
  bob?.close();
  expect(existsSync(folder)).toBe(false);
});

test('P4 a file that was removed is not claimed for the one that is made after it', () => {
  const path = join(temporary(), 'file');
  const claim = Claim.take(path);
  expect(Claim.take(path)).toBe(null);
  rmSync(path);
  const another = Claim.take(path);
  expect(another).toBeInstanceOf(Claim);
  claim?.release();
  expect(Claim.take(path)).toBe(null);
  another?.release();
});

test('the key of a machine is made once, and nothing is left beside it', async () => {
  const directory = temporary();
  const [one, two] = await Promise.all([localKeys(directory), localKeys(directory)]);
  expect(one).toEqual(two);
  expect(readdirSync(directory)).toEqual(['key']);
});

test('a run-time directory in which nothing can be made is refused, with the remedy', async () => {
  const directory = temporary();
  writeFileSync(join(directory, 'groups'), 'no directory');
  await expect(joinGroup('here', { directory })).rejects.toMatchObject({
    code: 'group-option',
    message: expect.stringContaining('give as directory a folder of your own'),
  });
});
