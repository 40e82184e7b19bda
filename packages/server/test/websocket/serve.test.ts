import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '@choir/journal';
import { encodeOrdered } from '@choir/ordering';
import { ServeError, storedDeliveries } from '@choir/server';
import { expect, test } from 'vitest';
import { keysFor } from '../gate/tokens.ts';
import { RawClient } from './raw-client.ts';
import { running, temporaryFolder } from './running.ts';

async function failureOf(start: Promise<unknown>): Promise<ServeError> {
  try {
    await start;
  } catch (error) {
    if (error instanceof ServeError) return error;
    throw error;
  }
  throw new Error('the server started');
}

test('why a server does not start is told with what to do about it', async () => {
  const first = await running();
  const keysFile = (await keysFor('EdDSA')).file;
  const guarded = { tokens: { keysFile, audience: null }, behindProxy: true };
  const port = await failureOf(running({ port: first.port }));
  expect(port).toMatchObject({ code: 'PORT_IN_USE', remedy: expect.stringMatching(/\.$/) });
  const address = await failureOf(running({ host: '192.0.2.1', ...guarded }));
  expect(address.code).toBe('ADDRESS');
  const file = join(temporaryFolder(), 'a-file');
  writeFileSync(file, '');
  const data = await failureOf(running({ data: file }));
  expect(data.code).toBe('DISK_ERROR');
});

test('a server that cannot listen leaves the data directory as it was', async () => {
  const first = await running();
  const data = join(temporaryFolder(), 'new');
  const port = await failureOf(running({ data, port: first.port }));
  expect(port.message).toContain(`Port ${first.port} of 127.0.0.1`);
  expect(existsSync(data)).toBe(false);
});

test('a server that cannot have the data lets go of the port', async () => {
  const data = temporaryFolder();
  await running({ data });
  const { port, stop } = await running();
  await stop();
  expect((await failureOf(running({ data, port }))).code).toBe('IN_USE');
  expect((await running({ port })).port).toBe(port);
});

test('a data directory has one owner; a failed start lets go of it', async () => {
  const data = temporaryFolder();
  const first = await running({ data });
  const inUse = await failureOf(running({ data }));
  expect(inUse.code).toBe('IN_USE');
  expect(inUse.message).toContain(String(process.pid));
  await first.stop();
  await failureOf(running({ data, host: '192.0.2.1' }));
  const second = await running({ data });
  await second.stop();
});

test('an orderly end tells the clients to come back, and keeps everything', async () => {
  const data = temporaryFolder();
  const first = await running({ data });
  const ann = await RawClient.attach(first.url, 'ann');
  ann.join('room');
  await ann.until('transfer_end');
  ann.bcast('room', 'kept');
  const { at } = await ann.until('delivery');
  const stopping = first.stop();
  expect(await ann.until('goodbye')).toMatchObject({ code: 'SHUTDOWN', retryAfterMs: 1_000 });
  expect(await ann.untilClosed()).toEqual({ code: 1001, reason: 'SHUTDOWN' });
  await stopping;
  expect(await first.ended).toMatchObject({ code: 'SHUTDOWN' });
  const second = await running({ data });
  const again = await RawClient.attach(second.url, 'ann');
  const [welcome] = again.of('welcome');
  expect(welcome?.head.seq).toBeGreaterThan(at.seq);
  // After an orderly end the epoch goes on.
  expect(welcome?.head.epoch).toBe(at.epoch);
});

test('a log that a later version wrote is left to that one, and what precedes it can be read', async () => {
  const data = temporaryFolder();
  const server = await running({ data });
  const ann = await RawClient.attach(server.url, 'ann');
  ann.bcast('room', 'readable');
  await ann.until('ack');
  await server.stop();
  const opening = await openJournal({ directory: data });
  if (!opening.ok) throw new Error(opening.failure.message);
  const { head: previous, applied } = opening.opened;
  const at = { ...previous, seq: previous.seq + 1 };
  const later = { kind: 'entry', at, previous, source: 'a later one', n: 1 } as const;
  const time = Number.MAX_SAFE_INTEGER;
  const bytes = encodeOrdered({ ...later, time, bytes: new Uint8Array([99]) });
  const commit = { kind: 'commit', entries: [{ ...at, bytes }], rows: [], applied } as const;
  await new Promise((resolve) => opening.journal.request(commit, resolve));
  await opening.journal.close('unfinished');
  const { code, message } = await failureOf(running({ data }));
  expect(code).toBe('LOG');
  expect(message).toContain('is not a command of this version');
  // Whoever starts the right one next begins the epoch that was due after a crash.
  const left = await openJournal({ directory: data });
  expect(left).toMatchObject({ ok: true, opened: { clean: false } });
  if (left.ok) await left.journal.close('unfinished');
  const reading = storedDeliveries(data);
  expect(reading.next().value).toMatchObject({ group: 'room', events: [{ kind: 'bcast' }] });
  expect(reading.next()).toMatchObject({ done: true, value: { code: 'LOG', seq: at.seq } });
});
