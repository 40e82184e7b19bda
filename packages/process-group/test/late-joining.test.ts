/** Who was not let in is told why, as far as its process knows, and what to do. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { joinGroup, Transport, type TransportOptions } from '../src/index.ts';
import { Attendance } from '../src/local/attendance.ts';
import type { Obstacle } from '../src/member/obstacle.ts';
import { groupNumber } from '../src/transport/group-number.ts';
import { lateError, networkSilence } from '../src/transport/late-joining.ts';
import { Ensemble, timeout } from './ensemble.ts';
import { driven, name, processor } from './scripted-host.ts';

const [self, bob] = [processor(1), processor(2)];
const key = { id: 1, key: new Uint8Array(32) };

async function refusalOf(seeds: readonly string[], protection: Partial<TransportOptions>) {
  const network = { kind: 'unicast', host: '127.0.0.1', seeds } as const;
  const transport = await Transport.open({ network, ...protection });
  onTestFinished(() => transport.close());
  return await transport.join('lobby', { timeoutMs: 200 }).catch((error: unknown) => error);
}

test('on a network the seeds that were asked are named, and the key is asked for', {
  timeout,
}, async () => {
  expect(await refusalOf(['127.0.0.1:9', '127.0.0.1:19'], { keys: [key] })).toMatchObject({
    code: 'group-time',
    message:
      'Nobody let this process into group "lobby" within 0.2 s. No member answered at the seeds 127.0.0.1:9, 127.0.0.1:19. ' +
      'Is one running there, in a group of exactly this name, with the same cluster key and this version? The first member makes the group (init).',
  });
});

test('without keys it is asked whether the members have none, either', { timeout }, async () => {
  expect(await refusalOf(['127.0.0.1:9'], { insecure: true })).toMatchObject({
    message: expect.stringContaining(
      'at the seed 127.0.0.1:9. Is one running there, in a group of exactly this name, with no keys',
    ),
  });
});

test('without seeds that is what is missing', { timeout }, async () => {
  expect(await refusalOf([], { insecure: true })).toMatchObject({
    message: expect.stringContaining('It was given no seeds'),
  });
});

test('by multicast the address is named', () => {
  const where = { interface: '192.0.2.1', address: '239.1.1.1', port: 7_500 };
  expect(networkSilence({ kind: 'multicast', ...where }, true)).toMatch(
    'No member answered at 239.1.1.1:7500 on the interface 192.0.2.1. Is one running there, in a group of exactly this name, with the same cluster key',
  );
});

test('by multicast it is said that the network may not carry it, and what to use then', () => {
  const where = { interface: '192.0.2.1', address: '239.1.1.1', port: 7_500 };
  expect(networkSilence({ kind: 'multicast', ...where }, true)).toMatch(
    'A network may carry no multicast, as those of clouds and of containers mostly do not: use unicast with seeds there.',
  );
  const seeds = ['192.0.2.7:7500'];
  expect(networkSilence({ kind: 'unicast', host: '192.0.2.1', seeds }, true)).not.toMatch(
    'multicast',
  );
});

test('a label that is in use is named', { timeout }, async () => {
  const ensemble = new Ensemble();
  await ensemble.join('ann');
  await expect(ensemble.join('ann', { timeoutMs: 1_500 })).rejects.toMatchObject({
    code: 'group-time',
    message:
      'Nobody let this process into group "ensemble" within 1.5 s. A member said: the label "ann" is in use. ' +
      'Choose another, or end the member that has it; when that was killed it is free in a moment.',
  });
});

test('on one machine those who do not answer are named, and nobody is asked for seeds', {
  timeout,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'choir-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const silent = new Attendance(directory, groupNumber('here'));
  onTestFinished(() => silent.close());
  silent.enter('127.0.0.1:9', 'member');
  const refusal = await joinGroup('here', { directory, timeoutMs: 1_000 }).catch(String);
  expect(refusal).toMatch(
    'within 1 s. One process of this machine is in it, and does not answer (127.0.0.1:9)',
  );
  expect(refusal).not.toMatch(/seed|init/);
});

test('a process knows how far it has come', async () => {
  const { host, driver } = driven();
  const known = [driver.obstacle];
  await host.tell({ kind: 'refused', group: host.group, reason: 'rival' });
  known.push(driver.obstacle);
  await host.view('joined', bob, self);
  known.push(driver.obstacle);
  await host.tell({ kind: 'primary', group: host.group, primary: false });
  known.push(driver.obstacle);
  await host.says(bob, { kind: 'refusal', to: self, reason: 'label-taken', version: 1 });
  await host.view('added', bob, self, processor(3));
  known.push(driver.obstacle);
  const kinds = known.map(({ kind }) => kind);
  expect(kinds).toEqual(['silence', 'refused', 'state', 'minority', 'label']);
});

test.each<[Obstacle, string]>([
  [{ kind: 'refused', reason: 'rival' }, 'the group was made twice. Make it once (init)'],
  [{ kind: 'state' }, 'nobody gave it the state in time. Give it longer (timeoutMs)'],
  [{ kind: 'minority' }, 'a majority of the members was gone. Start them, or end'],
])('what it knows is told, with what to do: %o', (obstacle, text) => {
  const { code, message } = lateError({ name, label: 'ann', timeoutMs: 1_000, obstacle }, '');
  expect(code).toBe('group-time');
  expect(message).toMatch(`Nobody let this process into group "${name}" within 1 s. `);
  expect(message).toContain(text);
});
