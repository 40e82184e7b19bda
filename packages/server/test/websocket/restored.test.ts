/** Who saw what came after a backup is told so, whatever came of the backup since (O6). */
import { join } from 'node:path';
import { backUpData } from '@choir/server';
import { expect, test } from 'vitest';
import { nameOf } from '../names.ts';
import { RawClient } from './raw-client.ts';
import { running, temporaryFolder } from './running.ts';

/** A server on data, with a member that has sent so many messages; the last delivery that it saw. */
async function lived(data: string, name: string, messages: number) {
  const server = await running({ data });
  const member = await RawClient.attach(server.url, name);
  member.join('room');
  const { created } = await member.until('transfer_begin');
  for (let each = 0; each < messages; each += 1) member.bcast('room', `${name} ${each}`);
  const { at } = await member.until('delivery', messages);
  return { server, created, at };
}

test('a backup that is restored twice has two histories, and nobody is moved from one to the other', async () => {
  const folder = temporaryFolder();
  const original = join(folder, 'original');
  await (await lived(original, 'ann', 1)).server.stop();
  const [one, two] = [join(folder, 'one'), join(folder, 'two')];
  for (const copy of [one, two]) expect(await backUpData(original, copy)).toBe(null);
  const first = await lived(one, 'bob', 3);
  await first.server.stop();
  const second = await lived(two, 'cid', 30);
  expect(second.at.seq).toBeGreaterThan(first.at.seq);
  expect(second.at.epoch).not.toBe(first.at.epoch);
  const back = await RawClient.attach(second.server.url, 'bob');
  const target = { group: nameOf('room'), name: 'bob', created: first.created, after: first.at };
  back.send({ kind: 'join', requestId: 1, groups: [target] });
  expect(await back.until('transfer_begin')).toMatchObject({ gap: true });
  expect(back.of('resume_begin')).toEqual([]);
  back.close();
});
