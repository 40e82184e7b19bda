/**
 * Data that an earlier release wrote opens in this one, with everything that was in it. `data/VERSION-HOW.tar.gz` is
 * a data directory as that release left it: `closed` in order, or `killed` with a lock held and its log open.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Delivery } from '@choir/protocol';
import { expect, test } from 'vitest';
import { nameOf } from '../names.ts';
import { RawClient } from '../websocket/raw-client.ts';
import { running, temporaryFolder } from '../websocket/running.ts';

const folder = fileURLToPath(new URL('data', import.meta.url));
const archives = readdirSync(folder);
const decoder = new TextDecoder();

/** What was in both before the server ended. */
const lobby = ['3 one', '4 two', '5 three'];
const plan = [
  '8 hello from ann',
  '12 door NEW open',
  '17 door INC  wide',
  '26 lock of door,wall granted to ann',
];

function unpacked(archive: string): string {
  const data = temporaryFolder();
  execFileSync('tar', ['-xzf', `${folder}/${archive}`, '-C', data]);
  return data;
}

/** The messages and lock changes of a group, from the beginning. */
async function logOf(client: RawClient, name: string, requestId: number): Promise<string[]> {
  const group = nameOf(name);
  const after = { epoch: 0, seq: 0 };
  client.send({ kind: 'watch', requestId, group, scope: 'everything', created: 0, after });
  await client.untilTrue(
    () => client.of('resume_end').some((end) => end.requestId === requestId),
    `the log of ${name}`,
  );
  return client
    .of('delivery')
    .filter((delivery) => delivery.group === group)
    .flatMap(linesOf);
}

function linesOf({ at, events }: Delivery): string[] {
  return events.flatMap((event) => {
    if (event.kind === 'bcast') return [`${at.seq} ${decoder.decode(event.data)}`];
    if (event.kind === 'obj_state') {
      return [`${at.seq} ${event.object} ${event.update} ${decoder.decode(event.data)}`];
    }
    if (event.kind !== 'lock_granted') return [];
    return [`${at.seq} lock of ${event.objects.join()} granted to ${event.senderId}`];
  });
}

test('there is data of every release', () => {
  expect(archives).toEqual(['0.1-closed.tar.gz', '0.1-killed.tar.gz']);
});

test.each(archives)('%s opens with all that was in it, and goes on behind it', async (archive) => {
  const server = await running({ data: unpacked(archive) });
  const client = await RawClient.attach(server.url, 'reader');
  expect(await logOf(client, 'lobby', 1)).toEqual(lobby);
  expect((await logOf(client, 'team/plan', 2)).slice(0, plan.length)).toEqual(plan);
  client.send({ kind: 'read_state', requestId: 3, group: nameOf('team/plan'), objects: [] });
  const end = await client.until('transfer_end');
  expect(end.group).toBe('team/plan');
  const updates = client.of('transfer_objects').flatMap((each) => each.updates);
  expect(updates.map(({ object, data }) => `${object}: ${decoder.decode(data)}`)).toEqual([
    'door: open',
    'door:  wide',
  ]);
  client.bcast('lobby', 'and on');
  const { at } = await client.until('ack');
  expect(at.seq).toBeGreaterThan(26);
});
